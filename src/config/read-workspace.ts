import {isAbsolute, join} from 'node:path'
import {z} from 'zod'
import {DEFAULT_CADENCE_MS, SEVERITIES, type Severity} from '../incident/words.ts'
import {defined} from '../lib/defined.ts'
import {Fault} from '../lib/fault.ts'
import {nearest} from '../lib/nearest.ts'
import {makeSecrets} from '../lib/secrets.ts'
import {strictMap, withoutExtras} from '../lib/strict-map.ts'
import {safeLine} from '../lib/text.ts'
import {excerpt, parseSource, type Source} from '../lib/yaml-source.ts'
import {rod} from '../rods/schema.ts'
import {defaultTargets} from './default-targets.ts'
import {fileFault, findingsOf} from './file-fault.ts'
import {FILE} from './find-workspace.ts'
import type {OpenedWorkspace, OpenWorkspaceOptions, Sections} from './opened-workspace.ts'
import {type RodDefinition, rodDefinition} from './rod-definition.ts'
import {SECTIONS, type Section, type SectionName} from './schema.ts'

/** The names of the sections, whatever stands in them. */
const TOP = strictMap(Object.fromEntries(Object.keys(SECTIONS).map(name => [name, z.unknown().optional()])))

type SectionOf = <N extends SectionName>(name: N) => Section<N>

/** `scram.yaml` as text → sections checked on demand. @throws Fault config.invalid: it does not parse, or is of another version */
export function readWorkspace(folder: string, text: string, {home, env, redactor}: OpenWorkspaceOptions): OpenedWorkspace {
  const source = parsed(join(folder, FILE), text)
  const top = topLevel(source)
  const seen = new Map<SectionName, unknown>()
  const section: SectionOf = name => {
    if (!seen.has(name)) seen.set(name, checked(source, name, top[name]))
    return seen.get(name) as Section<typeof name> // put there by the same name
  }
  section('scram')
  // A rod must move although a stranger stands at the top of the file; everybody else is told.
  let strangers: ReturnType<typeof TOP.safeParse> | undefined
  const known: SectionOf = name => {
    strangers ??= TOP.safeParse(top)
    if (strangers.error) throw fileFault(source, findingsOf(source, [], strangers.error.issues))
    return section(name)
  }
  const secrets = makeSecrets({env, folder, know: value => redactor.know(value)})
  const listed = plainMap(withoutExtras(top['rods']))
  const checkedRods = new Map<string, RodDefinition>()
  const rods: OpenedWorkspace['rods'] = {
    ids: () => Object.keys(listed),
    definition(id) {
      if (!Object.hasOwn(listed, id)) throw noRod(id, Object.keys(listed), source.file)
      const before = checkedRods.get(id)
      if (before) return before
      const own = rod.safeParse(listed[id])
      if (!own.success) throw fileFault(source, findingsOf(source, ['rods', id], own.error.issues))
      const definition = rodDefinition(own.data, section('rod_defaults'))
      checkedRods.set(id, definition)
      return definition
    },
    invalid: (id, findings) =>
      fileFault(
        source,
        findings.map(({path, ...rest}) => ({...rest, path: ['rods', id, ...path]})),
      ),
  }
  return {
    workspace: sectionsOf(folder, known, home),
    rods,
    secret: async reference => (await secrets.get(reference)).reveal(),
    check: async () => (await import('./check-workspace.ts')).checkWorkspace(source, top),
  }
}

function parsed(file: string, text: string): Source {
  const result = parseSource(file, text)
  if (result.ok) return result.source
  const {place, message} = result
  throw new Fault('config.invalid', `${file}:${place.line}:${place.column}: ${message}`, {hints: excerpt(text, place)})
}

function topLevel(source: Source): Readonly<Record<string, unknown>> {
  if (typeof source.value === 'object' && source.value !== null && !Array.isArray(source.value)) return source.value as Record<string, unknown>
  throw fileFault(source, [{path: [], message: 'the workspace file is a map that begins with `scram: 1`'}])
}

function checked<N extends SectionName>(source: Source, name: N, value: unknown): Section<N> {
  // `rods:` with nothing behind it is what a commented-out list leaves.
  const result = SECTIONS[name].safeParse(value === null && name !== 'scram' ? undefined : value)
  if (!result.success) throw fileFault(source, findingsOf(source, [name], result.error.issues))
  return result.data as Section<N> // the schema of this name gave it
}

/** Getters: a section that does not check fails where it is used, and nowhere else. */
function sectionsOf(folder: string, section: SectionOf, home: string | null): Sections {
  return {
    folder,
    get page() {
      const {name, url = null} = section('page')
      return {name, url}
    },
    get groups() {
      return Object.entries(section('groups')).map(([id, group]) => ({id, ...defined(group)}))
    },
    get components() {
      return Object.entries(section('components')).map(
        ([id, {public: isPublic, start_date: startDate, only_show_if_degraded: onlyShowIfDegraded, ...rest}]) => ({
          id,
          isPublic,
          onlyShowIfDegraded,
          ...defined({...rest, startDate}),
        }),
      )
    },
    get cadenceMs() {
      return cadence(section('cadence'))
    },
    get targets() {
      const given = section('targets')
      if (given.length === 0) return defaultTargets(home)
      return given.map(({path, url = null, ...rest}) => ({...rest, url, path: isAbsolute(path) ? path : join(folder, path)}))
    },
    get banks() {
      return Object.entries(section('banks')).map(([id, bank]) => ({id, ...bank}))
    },
    get systems() {
      return section('systems')
    },
    get postmortem() {
      return section('postmortem')
    },
  }
}

function cadence(given: Section<'cadence'>): Readonly<Record<Severity, number>> {
  const key = (severity: Severity) => severity.toLowerCase() as Lowercase<Severity>
  const entries = SEVERITIES.map(severity => [severity, given[key(severity)] ?? given.default ?? DEFAULT_CADENCE_MS[severity]])
  return Object.fromEntries(entries) as Record<Severity, number> // made from all of SEVERITIES
}

function plainMap(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

function noRod(id: string, ids: readonly string[], file: string): Fault {
  const near = nearest(id, ids)
  const has = ids.length === 0 ? 'it has none' : `it has ${ids.slice(0, 12).join(', ')}${ids.length > 12 ? ' …' : ''}`
  return new Fault('rod.not-found', `there is no rod "${safeLine(id).slice(0, 60)}" in ${file}; ${has}`, {
    hints: [near ? `scram rod show ${near}` : 'scram rod list'],
  })
}

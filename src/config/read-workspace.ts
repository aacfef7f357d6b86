import {join} from 'node:path'
import {z} from 'zod'
import {Fault} from '../lib/fault.ts'
import {strictMap, withoutExtras} from '../lib/strict-map.ts'
import {excerpt, parseSource, type Source} from '../lib/yaml-source.ts'
import {rod} from '../rods/schema.ts'
import {fileFault, findingsOf} from './file-fault.ts'
import {FILE} from './find-workspace.ts'
import {noRod} from './no-rod.ts'
import type {OpenedWorkspace} from './opened-workspace.ts'
import {type RodDefinition, rodDefinition} from './rod-definition.ts'
import {SECTIONS, type Section, type SectionName} from './schema.ts'
import {type SectionOf, sectionsOf} from './sections.ts'
import type {KeptWorkspace} from './workspace-memo.ts'

/** The names of the sections, whatever stands in them. */
const TOP = strictMap(Object.fromEntries(Object.keys(SECTIONS).map(name => [name, z.unknown().optional()])))

export interface ReadWorkspace extends Omit<OpenedWorkspace, 'secret'> {
  /** All that stands in it, checked now; null: something of it does not check. */
  whole(): KeptWorkspace | null
}

/**
 * `scram.yaml` as text → sections checked on demand.
 * @param home where the page goes without targets
 * @throws Fault config.invalid: it does not parse, or is of another version
 */
export function readWorkspace(folder: string, text: string, home: string | null): ReadWorkspace {
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
  const listed = plainMap(withoutExtras(top['rods']))
  const checkedRods = new Map<string, RodDefinition>()
  const rods: ReadWorkspace['rods'] = {
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
    invalid: async (id, findings) =>
      fileFault(
        source,
        findings.map(({path, ...rest}) => ({...rest, path: ['rods', id, ...path]})),
      ),
  }
  return {
    workspace: sectionsOf(folder, known, home),
    rods,
    check: async () => (await import('./check-workspace.ts')).checkWorkspace(source, top),
    whole() {
      try {
        const names = Object.keys(SECTIONS).filter(name => name !== 'rods') as Exclude<SectionName, 'rods'>[] // the keys of that table
        const sections = Object.fromEntries(names.map(name => [name, known(name)])) as KeptWorkspace['sections'] // each under its name
        return {sections, rods: Object.fromEntries(rods.ids().map(id => [id, rods.definition(id)]))}
      } catch (error) {
        if (error instanceof Fault) return null
        throw error
      }
    },
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

function plainMap(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

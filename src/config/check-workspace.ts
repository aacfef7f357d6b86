import {nearest} from '../lib/nearest.ts'
import type {Source, YamlPath} from '../lib/yaml-source.ts'
import type {RodSection} from '../rods/schema.ts'
import {type FileFinding, fileFault, findingsOf} from './file-fault.ts'
import {type Section, workspace} from './schema.ts'

/** The whole file against its schema and, when that holds, each name against what it points at. @throws Fault config.invalid */
export function checkWorkspace(source: Source, top: Readonly<Record<string, unknown>>): void {
  const filled = Object.fromEntries(Object.entries(top).filter(([name, value]) => value !== null || name === 'scram'))
  const whole = workspace.safeParse(filled)
  const findings = whole.success ? danglingNames(whole.data) : findingsOf(source, [], whole.error.issues)
  if (findings.length > 0) throw fileFault(source, findings)
}

type Whole = Pick<{[N in 'groups' | 'components' | 'rods' | 'banks' | 'systems']: Section<N>}, 'groups' | 'components' | 'rods' | 'banks' | 'systems'>

/** A name in one section that stands for an entry of another. */
interface Pointer {
  readonly path: YamlPath
  readonly name: string
  readonly kind: 'group' | 'component' | 'rod' | 'system'
}

function danglingNames({groups, components, rods, banks, systems}: Whole): readonly FileFinding[] {
  const known = {group: Object.keys(groups), component: Object.keys(components), rod: Object.keys(rods), system: Object.keys(systems)}
  const pointers = [
    ...Object.entries(components).flatMap(([id, {group}]) => pointTo('group', ['components', id, 'group'], group)),
    ...Object.entries(rods).flatMap(([id, rod]) => pointersOf(['rods', id], rod)),
    ...Object.entries(banks).flatMap(([id, {waves}]) => waves.flatMap((wave, i) => pointTo('rod', ['banks', id, 'waves', i], wave))),
  ]
  return pointers.flatMap(({path, name, kind}) => (known[kind].includes(name) ? [] : [{path, message: unknownName(name, kind, known[kind])}]))
}

function pointersOf(base: YamlPath, rod: RodSection): readonly Pointer[] {
  const probes = rod.probe === 'none' ? [] : [rod.probe].flat()
  const isList = Array.isArray(rod.probe)
  return [
    ...pointTo('component', [...base, 'component'], rod.component),
    ...pointTo('component', [...base, 'blast', 'components'], rod.blast?.components),
    ...pointTo('rod', [...base, 'keep_one_of'], rod.keep_one_of),
    ...pointTo('rod', [...base, 'withdraw', 'via'], rod.withdraw?.via),
    ...pointTo('system', [...base, 'runs_without'], rod.runs_without),
    ...(['conflicts', 'requires'] as const).flatMap(key => (rod[key] ?? []).flatMap((lock, i) => pointTo('rod', [...base, key, i, 'rod'], lock.rod))),
    ...probes.flatMap(({http}, i) => pointTo('rod', [...base, 'probe', ...(isList ? [i] : []), 'http', 'masked_by'], http?.masked_by)),
  ]
}

function pointTo(kind: Pointer['kind'], path: YamlPath, names: string | readonly string[] | undefined): readonly Pointer[] {
  if (names === undefined) return []
  if (typeof names === 'string') return [{path, name: names, kind}]
  return names.map((name, i) => ({path: [...path, i], name, kind}))
}

function unknownName(name: string, kind: Pointer['kind'], known: readonly string[]): string {
  const near = nearest(name, known)
  return `there is no ${kind} \`${name}\`${near ? `; did you mean \`${near}\`?` : known.length > 0 ? `; there are ${known.slice(0, 12).join(', ')}` : ''}`
}

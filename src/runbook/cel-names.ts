import {Environment} from '@marcbachmann/cel-js'
import {itemType} from './item-type.ts'
import type {ActionTable} from './ports.ts'
import {type InputType, nodesOf, type Runbook} from './runbook.ts'
import type {SeenNames} from './seen-names.ts'
import {fieldsOf} from './step-outputs.ts'
import type {Schema} from './stray-name.ts'

const LIMITS = {maxAstNodes: 200, maxDepth: 16, maxListElements: 100, maxMapEntries: 20, maxCallArguments: 8}
const TIMESTAMP = 'google.protobuf.Timestamp'
const INPUT: Readonly<Record<InputType, string>> = {string: 'string', int: 'int', number: 'double', bool: 'bool', duration: 'google.protobuf.Duration'}
const INCIDENT: Schema = {
  id: 'string', title: 'string', severity: 'string', status: 'string', public: 'bool', lead: 'string', opened: TIMESTAMP, components: 'map<string, string>',
} // biome-ignore format: one look

/** What all lists of steps of one runbook have in common. */
export interface Everywhere {
  /** Fenced, the names that all see declared, numbers of both kinds mixed. */
  readonly env: Environment
  /** Ids that mean steps with the same fields wherever they stand, to the type of `steps.ID`: one for all lists, not one each. */
  readonly stepTypes: ReadonlyMap<string, string>
}

export function openEverywhere(runbook: Runbook, actions: ActionTable): Everywhere {
  const env = mixNumbers(withNames(new Environment({unlistedVariablesAreDyn: false, enableOptionalTypes: false, limits: LIMITS}), namesEverywhere(runbook)))
  const named = Map.groupBy([...nodesOf(runbook.steps)], ({id}) => id)
  const alike = [...named].flatMap(([id, nodes]) => {
    const fields = nodes.map(node => fieldsOf(node, actions))
    const [first = {}] = fields
    return id === '' || fields.some(each => JSON.stringify(each) !== JSON.stringify(first)) ? [] : [{id, fields: first}]
  })
  for (const {id, fields} of alike) env.registerType({name: stepType(id), schema: fields})
  return {env, stepTypes: new Map(alike.map(({id}) => [id, stepType(id)]))}
}

/** As the package itself calls the type of a field: it stands in its words. */
const stepType = (id: string) => `$steps.${id}`

/** Names that are seen everywhere in this runbook. */
export function namesEverywhere(runbook: Runbook): Schema {
  return {
    inputs: Object.fromEntries(Object.entries(runbook.inputs).map(([id, {type}]) => [id, INPUT[type]])),
    incident: INCIDENT,
    rods: {inserted: 'int', position: 'map<string, string>'},
    run: {id: 'string', by: 'string', started: TIMESTAMP},
    now: TIMESTAMP,
  }
}

/** Names of one list of steps. */
export function namesHere({fields, loops}: SeenNames): Schema {
  const each = loops[0]?.forEach
  return {steps: fields, ...(each && {item: itemType(each), index: 'int'})}
}

export function withNames(env: Environment, declared: Schema): Environment {
  for (const [name, schema] of Object.entries(declared)) {
    if (typeof schema === 'string') env.registerVariable(name, schema)
    // A schema without fields is refused by the package: the name then stays undeclared, and its use is an error.
    else if (Object.keys(schema).length > 0) env.registerVariable({name, schema})
  }
  return env
}

/** `error_rate * 100`: CEL itself has no arithmetic between int and double, and people never know which one they have. */
function mixNumbers(env: Environment): Environment {
  const operators: [string, (a: number, b: number) => number][] = [
    ['+', (a, b) => a + b],
    ['-', (a, b) => a - b],
    ['*', (a, b) => a * b],
    ['/', (a, b) => a / b],
  ]
  for (const [sign, compute] of operators) {
    const mixed = (a: number | bigint, b: number | bigint) => compute(Number(a), Number(b))
    env.registerOperator(`int ${sign} double: double`, mixed)
    env.registerOperator(`double ${sign} int: double`, mixed)
  }
  return env
}

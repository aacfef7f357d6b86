import {type ASTNode, TypeError as CelTypeError, type Context, Environment, EvaluationError, ParseError, type ParseResult} from '@marcbachmann/cel-js'
import {children, LONGEST_SOURCE, trespass} from './fence.ts'
import type {ActionTable, OutputType} from './ports.ts'
import type {InputType, Runbook} from './runbook.ts'
import {outputsOf} from './step-outputs.ts'
import {type Schema, strayName} from './stray-name.ts'

const LIMITS = {maxAstNodes: 200, maxDepth: 16, maxListElements: 100, maxMapEntries: 20, maxCallArguments: 8}
const TIMESTAMP = 'google.protobuf.Timestamp'
const INPUT: Readonly<Record<InputType, string>> = {string: 'string', int: 'int', number: 'double', bool: 'bool', duration: 'google.protobuf.Duration'}
const OUTPUT: Readonly<Record<OutputType, string>> = {string: 'string', int: 'int', double: 'double', bool: 'bool', list: 'list<dyn>'}
const INCIDENT: Schema = {
  id: 'string', title: 'string', severity: 'string', status: 'string', public: 'bool', lead: 'string', opened: TIMESTAMP, components: 'map<string, string>',
} // biome-ignore format: one look

export interface Problem {
  readonly code: 'expression' | 'expression-fence'
  readonly message: string
  readonly offset: number
}

/** Where an expression stands: it sees the steps before `index`, and `result` when it judges a probe. */
export interface Spot {
  readonly index: number
  readonly result?: Readonly<Record<string, OutputType>>
  readonly want?: 'bool'
}

export interface Expressions {
  /** Null when it may be run. */
  check(source: string, spot: Spot): Problem | null
  /** @throws ExpressionError: a missing key, an overflow, a fence */
  evaluate(source: string, values: Context, result?: Readonly<Record<string, OutputType>>): unknown
  /** Top-level names an expression mentions; empty when it does not parse. */
  names(source: string): ReadonlySet<string>
  /** A CEL duration, made by CEL: the package exports no constructor. */
  duration(ms: number): unknown
}

/** An expression that could not be evaluated now. It fails the step before any effect; it never means "skip". */
export class ExpressionError extends Error {}

/**
 * One environment for one runbook; every name is declared, so a misspelt one is found when the file is checked. The
 * fences hold at evaluation too: a pinned text may be older than this scram.
 */
export function openExpressions(runbook: Runbook, actions: ActionTable): Expressions {
  const order = new Map(runbook.steps.map(({id}, index) => [id, index]))
  const declared = declaredNames(runbook, actions)
  const base = environment(declared)
  const judging = new Map<string, Environment>()
  const parsed = new Map<string, ParseResult>()

  function within(result: Spot['result']): Environment {
    if (!result) return base
    const key = JSON.stringify(result)
    const found =
      judging.get(key) ?? base.clone().registerVariable({name: 'result', schema: celOutputs(Object.keys(result).length > 0 ? result : {ok: 'bool'})})
    judging.set(key, found)
    return found
  }

  function parse(source: string, result: Spot['result']): ParseResult {
    const key = `${result ? JSON.stringify(result) : ''}\n${source}`
    const known = parsed.get(key)
    if (known) return known
    if (source.length > LONGEST_SOURCE) throw new Fenced(`${source.length} characters; an expression has at most ${LONGEST_SOURCE}`, LONGEST_SOURCE)
    const made = within(result).parse(source)
    const found = trespass(made.ast)
    if (found) throw new Fenced(found.message, found.offset)
    parsed.set(key, made)
    return made
  }

  return {
    check(source, spot) {
      try {
        const {ast, check} = parse(source, spot.result)
        const stray = strayName(ast, declared, spot, order)
        if (stray) return {code: 'expression', ...stray}
        const {valid, error, type} = check()
        if (!valid && error) return {code: 'expression', message: error.summary, offset: error.range?.start ?? 0}
        if (spot.want === 'bool' && type !== 'bool') return {code: 'expression', message: `is ${type ?? 'of no known type'}, wants true or false`, offset: 0}
        return null
      } catch (error) {
        return problem(error)
      }
    },
    evaluate(source, values, result) {
      try {
        return parse(source, result)(values) as unknown // CEL's values: what `render` and the callers look at before use
      } catch (error) {
        const {message} = problem(error)
        const absent = error instanceof EvaluationError && error.code === 'no_such_key'
        throw new ExpressionError(absent ? `${source}: ${message} (a step not reached, or without that output: test it with has())` : `${source}: ${message}`)
      }
    },
    names(source) {
      try {
        return new Set(mentioned(parse(source, {}).ast))
      } catch {
        return new Set()
      }
    },
    duration: ms => base.evaluate(`duration("${ms / 1000}s")`) as unknown, // opaque: only CEL reads it
  }
}

class Fenced extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** @throws whatever is neither CEL's error nor our fence: a bug */
function problem(error: unknown): Problem {
  if (error instanceof Fenced) return {code: 'expression-fence', message: error.message, offset: error.offset}
  if (error instanceof ParseError || error instanceof EvaluationError || error instanceof CelTypeError) {
    const code = error.summary.startsWith('Exceeded max') ? 'expression-fence' : 'expression'
    return {code, message: error.summary, offset: error.range?.start ?? 0}
  }
  throw error
}

function declaredNames(runbook: Runbook, actions: ActionTable): Schema {
  const steps: {[id: string]: Schema} = {}
  for (const step of runbook.steps) steps[step.id] = {...celOutputs(outputsOf(step, actions)), outcome: 'string'}
  return {
    steps,
    inputs: Object.fromEntries(Object.entries(runbook.inputs).map(([id, {type}]) => [id, INPUT[type]])),
    incident: INCIDENT,
    rods: {inserted: 'int', position: 'map<string, string>'},
    run: {id: 'string', by: 'string', started: TIMESTAMP},
  }
}

function environment(declared: Schema): Environment {
  const env = new Environment({unlistedVariablesAreDyn: false, enableOptionalTypes: false, limits: LIMITS})
  for (const [name, schema] of Object.entries(declared)) {
    // A schema without fields is refused by the package: the name then stays undeclared, and its use is an error.
    if (typeof schema === 'object' && Object.keys(schema).length > 0) env.registerVariable({name, schema})
  }
  env.registerVariable('now', TIMESTAMP)
  mixNumbers(env)
  return env
}

/** `error_rate * 100`: CEL itself has no arithmetic between int and double, and people never know which one they have. */
function mixNumbers(env: Environment): void {
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
}

function celOutputs(outputs: Readonly<Record<string, OutputType>>): Record<string, string> {
  return Object.fromEntries(Object.entries(outputs).map(([name, type]) => [name, OUTPUT[type]]))
}

function* mentioned(node: ASTNode): Generator<string> {
  if (node.op === 'id') yield node.args
  for (const child of children(node)) yield* mentioned(child)
}

import {TypeError as CelTypeError, type Context, type Environment, EvaluationError, ParseError, type ParseResult} from '@marcbachmann/cel-js'
import {type Everywhere, namesEverywhere, namesHere, openEverywhere, withNames} from './cel-names.ts'
import {LONGEST_SOURCE, trespass} from './fence.ts'
import {lookedAt, type Mentions, mentioned} from './mentions.ts'
import type {ActionTable, OutputType} from './ports.ts'
import type {Node, NodeList, Runbook} from './runbook.ts'
import {type SeenNames, seenNames} from './seen-names.ts'
import {celTypes} from './step-outputs.ts'
import {type Schema, strayName} from './stray-name.ts'

export interface Problem {
  readonly code: 'expression' | 'expression-fence' | 'not-visible'
  readonly message: string
  readonly offset: number
}

type Outputs = Readonly<Record<string, OutputType>>

/** Where an expression is evaluated: in a list of steps, and over the `result` of a probe when it judges one. */
export interface Where {
  readonly list: NodeList
  readonly result?: Outputs
}

/** Where an expression stands in the file. */
export interface Spot extends Where {
  /** It sees the names before this node; null: all, for outputs. */
  readonly before: Node | null
  /** The node itself, too: its `undo` may use what it answered. */
  readonly self?: boolean
  readonly want?: 'bool' | 'list'
}

export interface Expressions {
  /** Null when it may be run. */
  check(source: string, spot: Spot): Problem | null
  /** @throws ExpressionError: a missing key, an overflow, a fence */
  evaluate(source: string, values: Context, where: Where): unknown
  /** Top-level names an expression mentions; empty when it does not parse. */
  names(source: string): ReadonlySet<string>
  /** What it looks at, as `steps.probe.ok`; nothing when it does not parse. */
  mentions(source: string): Mentions
  /** A CEL duration, made by CEL: the package exports no constructor. */
  duration(ms: number): unknown
}

/** An expression that could not be evaluated now. It fails the step before any effect; it never means "skip". */
export class ExpressionError extends Error {}

/**
 * One environment for each list of steps of one runbook, made when it is first needed; every name is declared, so a
 * misspelt one is found when the file is checked. The fences hold at evaluation too: a pinned text may be older than this
 * scram. A called runbook has its own: its inputs, its steps, nothing of the caller.
 */
export function openExpressions(runbook: Runbook, actions: ActionTable): Expressions {
  const places = new WeakMap<NodeList, Place>()
  let everywhere: Everywhere | null = null

  function placeOf(list: NodeList): Place {
    everywhere ??= openEverywhere(runbook, actions)
    const place = places.get(list) ?? openPlace(runbook, seenNames(runbook, actions, list), everywhere)
    places.set(list, place)
    return place
  }

  return {
    check(source, {list, before, self = false, result, want}) {
      try {
        const {seen, declared, parse} = placeOf(list)
        const {ast, check} = parse(source, result)
        const sight = {declared, fields: seen.fields, hidden: seen.hidden, before: seen.before(before, self), result: result ? Object.keys(result) : null}
        const stray = strayName(ast, sight)
        if (stray) return stray
        const {valid, error, type = 'of no known type'} = check()
        if (!valid && error) return {code: 'expression', message: error.summary, offset: error.range?.start ?? 0}
        if (want === 'bool' && type !== 'bool') return {code: 'expression', message: `is ${type}, wants true or false`, offset: 0}
        // What a called runbook answers is known when it ran.
        if (want === 'list' && !type.startsWith('list') && type !== 'dyn') return {code: 'expression', message: `is ${type}, wants a list`, offset: 0}
        return null
      } catch (error) {
        return problem(error)
      }
    },
    evaluate(source, values, {list, result}) {
      try {
        return placeOf(list).parse(source, result)(values) as unknown // CEL's values: what `render` and the callers look at before use
      } catch (error) {
        const {message} = problem(error)
        const absent = error instanceof EvaluationError && error.code === 'no_such_key'
        throw new ExpressionError(absent ? `${source}: ${message} (a step not reached, or without that output: test it with has())` : `${source}: ${message}`)
      }
    },
    names(source) {
      try {
        return new Set(mentioned(placeOf(runbook.steps).parse(source, {}).ast))
      } catch {
        return new Set()
      }
    },
    mentions(source) {
      try {
        return lookedAt(placeOf(runbook.steps).parse(source, {}).ast)
      } catch {
        return {paths: [], asked: []}
      }
    },
    duration: ms => placeOf(runbook.steps).parse(`duration("${ms / 1000}s")`, undefined)({}) as unknown, // opaque: only CEL reads it
  }
}

/** What one list of steps evaluates with. */
interface Place {
  readonly seen: SeenNames
  readonly declared: Schema
  parse(source: string, result: Outputs | undefined): ParseResult
}

function openPlace(runbook: Runbook, seen: SeenNames, {env, stepTypes}: Everywhere): Place {
  const own = namesHere(seen)
  const declared = {...namesEverywhere(runbook), ...own}
  const steps = Object.fromEntries(Object.entries(seen.fields).map(([id, fields]) => [id, stepTypes.get(id) ?? fields]))
  const base = withNames(env.clone(), {...own, steps})
  const judging = new Map<string, Environment>()
  const parsed = new Map<string, ParseResult>()

  function within(result: Outputs | undefined): Environment {
    if (!result) return base
    const key = JSON.stringify(result)
    const found = judging.get(key) ?? base.clone().registerVariable({name: 'result', schema: celTypes(Object.keys(result).length > 0 ? result : {ok: 'bool'})})
    judging.set(key, found)
    return found
  }

  return {
    seen,
    declared,
    parse(source, result) {
      const key = `${result ? JSON.stringify(result) : ''}\n${source}`
      const known = parsed.get(key)
      if (known) return known
      if (source.length > LONGEST_SOURCE) throw new Fenced(`${source.length} characters; an expression has at most ${LONGEST_SOURCE}`, LONGEST_SOURCE)
      const made = within(result).parse(source)
      const found = trespass(made.ast)
      if (found) throw new Fenced(found.message, found.offset)
      parsed.set(key, made)
      return made
    },
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

import type {Json} from '../lib/canonical.ts'
import type {Check} from './check-world.ts'
import type {InputIssue, JsonMap} from './ports.ts'
import {type Evaluate, render} from './render.ts'
import {promised, sentOf} from './render-step.ts'
import type {Step} from './runbook.ts'
import type {Judge} from './three-valued.ts'

/** A template's values, as far as they are known. */
export interface Filling {
  /** What is unknown reads `‹steps.probe.status?›`. */
  readonly shown: Evaluate
  /** Readings are left out, too: the same tomorrow. */
  readonly sealed: Evaluate
  /** The expressions that `shown` could not tell. */
  readonly unknowns: Set<string>
}

export function fillingOf(judge: Judge): Filling {
  const unknowns = new Set<string>()
  return {
    unknowns,
    shown(source) {
      const judged = judge(source)
      if (judged.known) return judged.value
      unknowns.add(source)
      return mark(source)
    },
    sealed(source) {
      const judged = judge(source)
      if (judged.isReading) return `‹${source}›`
      return judged.known ? judged.value : mark(source)
    },
  }
}

/** What a step would send; `sealed` is what a plan vouches for. @throws ExpressionError · Unclosed · BadInput */
export function fillStep({ports, runbook}: Check, step: Step, {shown, sealed}: Filling): {readonly sent: JsonMap; readonly sealed: JsonMap} {
  const fill = (evaluate: Evaluate) => promised(ports.actions, runbook.updates, step, sentOf(step, evaluate))
  return {sent: fill(shown), sealed: fill(sealed)}
}

export function fill(value: Json, {shown, sealed}: Filling): {readonly shown: Json; readonly sealed: Json} {
  return {shown: render(value, shown), sealed: render(value, sealed)}
}

/** Why nothing was asked. */
export function knownLater({unknowns}: Filling): string {
  return `${[...unknowns].join(', ')} ${unknowns.size === 1 ? 'is' : 'are'} known only in the run`
}

/** A value that is not known yet cannot be wrong yet. */
export function knownIssues(issues: readonly InputIssue[], sent: JsonMap, {unknowns}: Filling): readonly InputIssue[] {
  const marks = [...unknowns].map(mark)
  return issues.filter(({path}) => {
    const value = JSON.stringify(path.length === 0 ? null : valueAt(sent, path))
    return !marks.some(each => value.includes(JSON.stringify(each).slice(1, -1)))
  })
}

function valueAt(value: Json, path: InputIssue['path']): Json {
  return path.reduce<Json>(
    (inside, key) => (typeof inside === 'object' && inside !== null ? ((inside as Record<string | number, Json>)[key] ?? null) : inside),
    value,
  ) // a map or a list
}

function mark(source: string): string {
  return `‹${source}?›`
}

import type {Recorded} from '../../incident/events.ts'
import {formatDuration, parseDuration} from '../../lib/durations.ts'
import type {YamlPath} from '../../lib/yaml-source.ts'
import {foldRun, type StepState} from '../fold.ts'
import {instanceOf} from '../identity.ts'
import {covers, matches} from './pattern.ts'
import {type RanCase, TEST_RUN} from './run-case.ts'
import type {Expectation} from './test-schema.ts'

/** What was expected and what came; `path` leads to the expectation inside the case. */
export interface Unmet {
  readonly path: YamlPath
  readonly message: string
}

export function unmet(expected: Expectation, ran: RanCase): readonly Unmet[] {
  const {outcome, took, updates, rods_inserted: rods, before = [], steps = {}, outputs = {}} = expected
  const {result} = ran
  const state = foldRun(TEST_RUN, ran.events)?.steps ?? {}
  const came = result.outcome === 'parked' ? `parked at ${result.step} (${result.needs})` : result.outcome
  const all = [
    outcome !== undefined && outcome !== result.outcome && {path: ['outcome'], message: `expected ${outcome}, came ${came}`},
    took?.at_most !== undefined &&
      ran.tookMs > parseDuration(took.at_most) && {path: ['took', 'at_most'], message: `expected at most ${took.at_most}, took ${formatDuration(ran.tookMs)}`},
    took?.at_least !== undefined &&
      ran.tookMs < parseDuration(took.at_least) && {
        path: ['took', 'at_least'],
        message: `expected at least ${took.at_least}, took ${formatDuration(ran.tookMs)}`,
      },
    updates && differs(['updates'], updates, updatesIn(ran.events)),
    rods && differs(['rods_inserted'], rods.toSorted(), result.rodsIn.toSorted()),
    ...before.map(([first = '', second = ''], index) => notBefore(['before', index], first, second, ran.events)),
    ...Object.entries(steps).flatMap(([pattern, wanted]) => stepsUnmet(pattern, wanted, state)),
    ...Object.entries(outputs).map(([name, value]) => differs(['outputs', name], value, result.outputs[name])),
  ]
  return all.filter((one): one is Unmet => typeof one === 'object' && one !== null)
}

/** Public statuses of the updates, in order. */
export function updatesIn(events: readonly Recorded[]): readonly string[] {
  return events.flatMap(event => (event.kind === 'update.posted' ? [event.data.status] : []))
}

function differs(path: YamlPath, wanted: unknown, came: unknown): Unmet | null {
  const [a, b] = [words(wanted), words(came)]
  return a === b ? null : {path, message: `expected ${a}, came ${b}`}
}

function words(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(words).join(', ')}]`
  return value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value)
}

function stepsUnmet(pattern: string, wanted: string, state: Readonly<Record<string, StepState>>): readonly Unmet[] {
  const path = ['steps', pattern]
  const found = Object.entries(state).filter(([instance]) => matches(pattern, instance))
  if (found.length === 0) return wanted === 'none' ? [] : [{path, message: `expected ${pattern} ${wanted}, and it never began`}]
  return found.flatMap(([instance, seen]) => {
    const came = state[`${instance}/undo`]?.status === 'finished' ? 'undone' : seen.status
    const isSo = came === wanted || (seen.status === wanted && wanted !== 'finished')
    return isSo ? [] : [{path, message: `expected ${instance} ${wanted}, came ${came}${seen.status === 'failed' ? ` (${seen.code}: ${seen.message})` : ''}`}]
  })
}

/** All that `first` covers has ended before anything that `second` covers begins. */
function notBefore(path: YamlPath, first: string, second: string, events: readonly Recorded[]): Unmet | null {
  const steps = events.flatMap((event, at) =>
    'step' in event.data && event.data.step !== undefined && event.kind.startsWith('step.')
      ? [{at, kind: event.kind, step: instanceOf(event.data.step).instance}]
      : [],
  )
  const last = steps.findLast(({step}) => covers(first, step))
  const begins = steps.find(({step}) => covers(second, step))
  if (!last || !begins) return {path, message: `expected ${first} before ${second}, and ${last ? second : first} never began`}
  return last.at < begins.at ? null : {path, message: `expected ${first} before ${second}, but ${begins.step} began before ${last.step} had ended`}
}

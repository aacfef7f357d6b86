import type {OtherPromise} from './events.ts'
import {instantOf, presently, worstBasis} from './instant.ts'
import {between, type Length, worstPrecision} from './length.ts'
import {horizon} from './level-phases.ts'
import type {IncidentState, PostedUpdate} from './state.ts'

/** The silence between two updates; `to` null: from the last one until now. */
export interface Gap {
  readonly from: number
  readonly to: number | null
  readonly length: Length
}

export interface Kept {
  /** The update that made the promise. */
  readonly update: number
  readonly by: string
  readonly basis: 'given' | 'cadence' | null
  /** `open`: still to be kept. `void`: the incident was merged, it goes on elsewhere. */
  readonly result: 'kept' | 'late' | 'open' | 'void'
  /** How late, until now while nothing was said; 0 when kept. */
  readonly lateMs: number
  /** The update that kept it or came too late; null: the end of the incident, or nothing yet. */
  readonly answeredBy: number | null
}

export interface Cadence {
  readonly updates: number
  readonly gaps: readonly Gap[]
  /** Of an even count the mean of the middle two; null with fewer than two updates. */
  readonly median: Length | null
  readonly longest: Gap | null
  /** Gaps longer than the workspace's policy; null without a policy. That is policy, not a promise. */
  readonly overPolicy: number | null
  readonly promises: readonly Kept[]
  readonly kept: number
  readonly late: number
  /** Other promises the texts made and nothing recorded has met. */
  readonly openPromises: readonly (OtherPromise & {readonly update: number})[]
}

/**
 * How regularly the public was told, and whether what was promised was kept. Updates in order of when they were posted;
 * an amendment is no update and interrupts no silence.
 */
export function cadenceOf(state: IncidentState, {nowMs, policyMs}: {readonly nowMs: number; readonly policyMs?: number}): Cadence {
  const updates = [...state.updates].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.number - b.number))
  const gaps = updates.slice(1).map((update, i) => gapBetween(updates[i] ?? update, update))
  const silences = state.phase === 'open' ? [...gaps, ...sinceLast(updates, nowMs)] : gaps
  const promises = updates.flatMap((update, i) => promiseKept(state, update, updates[i + 1], nowMs))
  return {
    updates: updates.length,
    gaps,
    median: median(gaps),
    longest: silences.reduce<Gap | null>((longest, gap) => (longest && longest.length.ms >= gap.length.ms ? longest : gap), null),
    overPolicy: policyMs === undefined ? null : silences.filter(({length}) => length.ms > policyMs).length,
    promises,
    kept: promises.filter(({result}) => result === 'kept').length,
    late: promises.filter(({result}) => result === 'late').length,
    openPromises: updates.flatMap(update => update.promises.filter(promise => isOpen(state, promise)).map(promise => ({...promise, update: update.number}))),
  }
}

function gapBetween(a: PostedUpdate, b: PostedUpdate): Gap {
  return {from: a.number, to: b.number, length: between(instantOf(a), instantOf(b))}
}

function sinceLast(updates: readonly PostedUpdate[], nowMs: number): readonly Gap[] {
  const last = updates.at(-1)
  return last ? [{from: last.number, to: null, length: between(instantOf(last), presently(nowMs), true)}] : []
}

function median(gaps: readonly Gap[]): Length | null {
  const sorted = gaps.map(({length}) => length).sort((a, b) => a.ms - b.ms)
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]]
  if (!low || !high) return null
  return {
    ms: (low.ms + high.ms) / 2,
    basis: worstBasis(sorted.map(({basis}) => basis)),
    approx: sorted.some(({approx}) => approx),
    precisionMs: worstPrecision(sorted),
    slackMs: Math.max(low.slackMs, high.slackMs),
    isSoFar: false,
  }
}

function promiseKept(state: IncidentState, update: PostedUpdate, next: PostedUpdate | undefined, nowMs: number): readonly Kept[] {
  const {number, nextUpdateBy, promiseBasis = null} = update
  if (nextUpdateBy === undefined) return []
  const byMs = Date.parse(nextUpdateBy)
  const made = {update: number, by: nextUpdateBy, basis: promiseBasis}
  if (next) return [{...made, ...judged(Date.parse(next.at) - byMs), answeredBy: next.number}]
  if (state.phase === 'merged') return [{...made, result: 'void', lateMs: 0, answeredBy: null}]
  const end = horizon(state, nowMs)
  if (!end.isOpen) return [{...made, ...judged(end.at.atMs - byMs), answeredBy: null}]
  const {result, lateMs} = judged(nowMs - byMs)
  return [{...made, result: result === 'late' ? 'late' : 'open', lateMs, answeredBy: null}]
}

/** Late iff after the promised instant; on it is kept. */
function judged(overMs: number): Pick<Kept, 'result' | 'lateMs'> {
  return overMs > 0 ? {result: 'late', lateMs: overMs} : {result: 'kept', lateMs: 0}
}

/** Only a postmortem can be seen in the record; what a text promised otherwise, a person has to judge. */
function isOpen({postmortem}: IncidentState, {what}: OtherPromise): boolean {
  return what !== 'postmortem' || postmortem.published === undefined
}

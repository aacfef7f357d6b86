import {formatDuration} from '../lib/durations.ts'
import {NOT_RECORDED, printLength, printStated, UNCERTAIN} from './durations-print.ts'
import type {Impact} from './impact.ts'
import {between, isUncertain, type Length} from './length.ts'
import {type End, type Ends, endsOf, type Seen, visibleFrom} from './measure-ends.ts'
import type {IncidentState, StatedMeasure} from './state.ts'
import type {Basis} from './words.ts'

export const MEASURES = [
  'detect', 'acknowledge', 'engage', 'public', 'silence', 'readable', 'diagnose', 'mitigate', 'recover', 'resolve', 'declared', 'response',
] as const // biome-ignore format: in the order of the table
export type MeasureName = (typeof MEASURES)[number]

/** One row of the table: a number with where it comes from, or why there is none. */
export interface Measure {
  /** One of `MEASURES`, or a name somebody stated a duration for. */
  readonly measure: string
  /** As it is shown: `≤ 2m`, `~30m`, `5m before`, `not recorded`, or both values when they contradict each other. */
  readonly printed: string
  /** Null when not recorded. */
  readonly basis: Basis | null
  /** What somebody vouches for; it is shown unless a recorded value exists. */
  readonly stated: StatedMeasure | null
  /** Computed from its ends; null without both. Kept when uncertain, for those who want to know by how much. */
  readonly computed: Length | null
  readonly from: End | null
  readonly to: End | null
  /** Why it is not recorded. */
  readonly reason: string | null
  readonly warnings: readonly string[]
}

export interface Measures {
  readonly rows: readonly Measure[]
  readonly reopened: number
}

const ENDS: Readonly<Record<MeasureName, readonly [from: keyof Ends, to: keyof Ends]>> = {
  detect: ['started', 'alert'],
  acknowledge: ['alert', 'acknowledged'],
  engage: ['alert', 'engaged'],
  public: ['alert', 'visible'],
  silence: ['started', 'visible'],
  readable: ['alert', 'readable'],
  diagnose: ['alert', 'diagnosed'],
  mitigate: ['impactStart', 'mitigated'],
  recover: ['impactStart', 'impactEnd'],
  resolve: ['impactStart', 'resolved'],
  declared: ['opened', 'resolved'],
  response: ['alert', 'resolved'],
}

/**
 * The durations of one incident, each with its ends and basis. `detect` and `silence` count only from a marked start;
 * diagnosis is never read off the public status. One incident has durations, not means.
 */
export function measuresOf(state: IncidentState, impact: Impact, seen: Seen): Measures {
  const ends = endsOf(state, impact, seen)
  const rows = MEASURES.map(measure => {
    const [from, to] = ENDS[measure]
    const warnings = measure === 'public' ? publicationLag(state, seen) : []
    return row(measure, ends[from], ends[to], stated(state, measure), [...warnings, ...missing(from, to, ends)])
  })
  const names = new Set<string>(MEASURES)
  const others = [...new Set(state.measures.map(({measure}) => measure))].filter(measure => !names.has(measure))
  return {rows: [...rows, ...others.map(measure => row(measure, null, null, stated(state, measure), []))], reopened: state.reopens.length}
}

/** What was stated last counts; what was said before stays in the record. */
function stated({measures}: IncidentState, measure: string): StatedMeasure | null {
  return measures.findLast(each => each.measure === measure) ?? null
}

function row(measure: string, from: End | null, to: End | null, vouched: StatedMeasure | null, notes: readonly Note[]): Measure {
  const computed = from && to ? between(from.at, to.at, to.isNow ?? false) : null
  const known = computed && !isUncertain(computed) ? computed : null
  const warnings = notes.flatMap(({warning}) => warning ?? [])
  const base = {measure, stated: vouched, computed, from, to}
  if (known && known.ms < 0) warnings.push(`${measure}: ${to?.label} is ${formatDuration(-known.ms)} before ${from?.label}`)
  if (vouched) {
    const disagree = known !== null && (known.basis === 'recorded' || known.basis === 'stated') && !agrees(known, vouched)
    if (disagree) warnings.push(`${measure}: stated ${printStated(vouched)}, the record says ${printLength(known)}`)
    const showsRecorded = known?.basis === 'recorded'
    const printed = showsRecorded ? (disagree ? `${printLength(known)} recorded, ${printStated(vouched)} stated` : printLength(known)) : printStated(vouched)
    return {...base, printed, basis: showsRecorded ? 'recorded' : 'stated', reason: null, warnings}
  }
  if (known) return {...base, printed: printLength(known), basis: known.basis, reason: null, warnings}
  const reason = computed ? UNCERTAIN : (notes.find(note => note.reason)?.reason ?? null)
  return {...base, printed: NOT_RECORDED, basis: null, reason, warnings}
}

/** The bound is part of the statement; `~` is taken to mean "within a quarter, or a minute". */
function agrees({ms, slackMs}: Length, {ms: statedMs, bound}: StatedMeasure): boolean {
  if (bound === '<=') return ms <= statedMs + slackMs
  const room = bound === '~' ? Math.max(statedMs / 4, 60_000) : 1000
  return Math.abs(ms - statedMs) <= room + slackMs
}

interface Note {
  readonly warning?: string
  readonly reason?: string
}

function missing(from: keyof Ends, to: keyof Ends, ends: Ends): readonly Note[] {
  return [from, to].filter(end => ends[end] === null).map(end => ({reason: MISSING[end]}))
}

const MISSING: Readonly<Record<keyof Ends, string>> = {
  started: 'no start is marked',
  alert: 'no alert is recorded',
  acknowledged: 'no acknowledgement is marked',
  engaged: 'nobody is recorded at work',
  visible: 'nothing was public',
  readable: 'the channel is not recorded as readable',
  diagnosed: 'no diagnosis is marked and no cause is noted',
  impactStart: 'no impact is recorded',
  mitigated: 'no impact is recorded',
  impactEnd: 'no impact is recorded',
  opened: 'no opening is recorded',
  resolved: 'no resolve is recorded',
}

/** Posted and readable are two facts: shown apart when a minute or more lies between them. */
function publicationLag(state: IncidentState, {published}: Seen): readonly Note[] {
  const [posted, shown] = [visibleFrom(state, null), published && visibleFrom(state, published)]
  const lagMs = posted && shown ? shown.at.atMs - posted.at.atMs : 0
  return lagMs > 60_000 ? [{warning: `public: update 1 was on the page ${formatDuration(lagMs)} after it was posted`}] : []
}

import fc from 'fast-check'
import {decide} from '../../src/incident/decide.ts'
import type {Draft, Recorded} from '../../src/incident/events.ts'
import {fold} from '../../src/incident/evolve.ts'
import type {Act, Intention} from '../../src/incident/intentions.ts'
import * as words from '../../src/incident/words.ts'
import {history, ID, MINUTE, opened, recorder, START_MS, worldAfter} from './history.ts'

/** One thing somebody intends, on one of two machines, some time after the last one. */
export interface Intended {
  readonly intention: Intention
  readonly origin: 'a0' | 'b0'
  readonly afterMs: number
  /** The nth record so far is meant, by those that name one. */
  readonly entry: number
}

const component = fc.constantFrom('api', 'web', 'chat', 'constructor', '__proto__')
const status = fc.constantFrom(...words.COMPONENT_STATUSES)
const components = fc.option(fc.dictionary(component, status, {maxKeys: 3}), {nil: undefined})
const text = fc.oneof(fc.string({maxLength: 12}), fc.constantFrom('a\nb', '\u0000', '‮x', '🔥'))
const maybe = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, {nil: undefined})
const rod = fc.constantFrom('api-rod', 'queue', 'toString')
const position = fc.constantFrom('in', '25%', 'withdrawn')
const next = maybe(fc.oneof(fc.integer({min: 1000, max: 7_200_000}), fc.constantFrom(0, Number.NaN)))

/** Acts, legal or not: `decide` says which. Absent and undefined are the same here, as from an argv parser. */
const act: fc.Arbitrary<Act> = fc
  .oneof(
    fc.record({
      intend: fc.constant('open'),
      title: text,
      severity: fc.constantFrom(...words.SEVERITIES),
      private: maybe(fc.boolean()),
      components,
      text: maybe(text),
      next,
      actor: text,
    }),
    fc.record({intend: fc.constant('update'), text, status: maybe(fc.constantFrom(...words.PUBLIC_STATUSES)), next, components}),
    fc.record({intend: fc.constant('amend'), entry: fc.constant('?'), text: maybe(text), newAt: maybe(anyInstant()), isUpdate: fc.boolean()}),
    fc.record({intend: fc.constant('redact'), entry: fc.constant('?'), why: text}),
    fc.record({intend: fc.constant('note'), text, noteKind: fc.constantFrom(...words.NOTE_KINDS), pin: maybe(fc.boolean())}),
    fc.record({intend: fc.constantFrom('retitle'), title: text}),
    fc.record({intend: fc.constant('headline'), text}),
    fc.record({intend: fc.constant('severity'), severity: fc.constantFrom(...words.SEVERITIES)}),
    fc.record({intend: fc.constant('impact'), impact: fc.constantFrom(...words.PUBLIC_IMPACTS)}),
    fc.record({intend: fc.constant('component'), component, status}),
    fc.record({intend: fc.constant('assign'), role: fc.constantFrom(...words.ROLES), to: text}),
    fc.record({intend: fc.constant('mark'), milestone: fc.constantFrom(...words.MILESTONES)}),
    fc.record({
      intend: fc.constant('state-measure'),
      measure: fc.constantFrom('engage', 'public', 'x'),
      ms: fc.integer({min: 0, max: 600_000}),
      bound: fc.constantFrom('<=', '~', '='),
    }),
    fc.record({intend: fc.constant('handoff'), to: text}),
    fc.record({intend: fc.constant('take'), actor: text}),
    fc.record({
      intend: fc.constant('resolve'),
      text: maybe(text),
      components,
      leaveIn: maybe(fc.constant([{rod: 'api-rod', expiresAt: '2027-01-01T00:00:00.000Z', why: 'w'}])),
    }),
    fc.record({intend: fc.constantFrom('reopen'), why: text}),
    fc.record({intend: fc.constant('close')}),
    fc.record({intend: fc.constant('merge'), into: fc.constant(fold('0607-bbbb00000000', history(opened)))}),
    fc.record({intend: fc.constantFrom('insert-rod', 'withdraw-rod'), move: fc.record({rod, to: position, from: fc.constant([]), why: text})}),
    fc.record({
      intend: fc.constant('settle-rod'),
      settle: fc.record({rod, to: position, intent: fc.constant('?'), targets: fc.constant([]), why: text}),
      as: fc.constantFrom('rod.inserted', 'rod.withdrawn', 'rod.unverified', 'rod.jammed'),
    }),
    fc.record({intend: fc.constant('extend-rod'), rod, expiresAt: anyInstant(), why: text}),
  )
  .map(withoutUndefined)

function anyInstant(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.integer({min: -300, max: 900}).map(minutes => new Date(START_MS + minutes * MINUTE).toISOString()),
    fc.constantFrom('tea time', '2026-06-07T17:55:00+02:00', '-200000-01-01T00:00:00Z'),
  )
}

const intended: fc.Arbitrary<Intended> = fc.record({
  intention: fc.tuple(act, maybe(anyInstant())).map(([each, at]) => (at === undefined ? each : {...each, at})),
  origin: fc.constantFrom('a0', 'b0'),
  afterMs: fc.oneof(fc.constant(0), fc.integer({min: 0, max: 30 * MINUTE})),
  entry: fc.nat(),
})

const opening: Intended = {intention: {intend: 'open', title: 'HTTP errors', severity: 'SEV2', actor: 'dana'}, origin: 'a0', afterMs: 0, entry: 0}

/** What two machines record between them, each act decided on all that came before: a legal history, in record order. */
export const legalHistory: fc.Arbitrary<readonly Recorded[]> = fc.array(intended, {maxLength: 30, size: 'max'}).map(each => recordAll([opening, ...each]))

/** Acts on some legal history. */
export const decision = fc.tuple(legalHistory, intended)

export function recordAll(acts: readonly Intended[]): readonly Recorded[] {
  const writers = {a0: recorder('a0'), b0: recorder('b0')}
  const records: Recorded[] = []
  let nowMs = START_MS
  for (const each of acts) {
    nowMs += each.afterMs
    for (const draft of draftsOf(each, records, nowMs)) records.push(writers[each.origin](draft, {nowMs: nowMs++}))
  }
  return records
}

function draftsOf(each: Intended, records: readonly Recorded[], nowMs: number): readonly Draft[] {
  const decided = decide(worldAfter(records, {now: nowMs}), aimed(each, records))
  return decided.refused ? [] : decided.events
}

/** Puts the id of a record where an intention names one. */
export function aimed({intention, entry}: Intended, records: readonly Recorded[]): Intention {
  const id = records[entry % Math.max(records.length, 1)]?.id ?? ''
  if (intention.intend === 'amend' || intention.intend === 'redact') return {...intention, entry: id}
  if (intention.intend === 'settle-rod') {
    const intent = records.findLast(({kind}) => kind === 'rod.inserting' || kind === 'rod.withdrawing')
    return {...intention, settle: {...intention.settle, intent: intent?.id ?? ''}}
  }
  return intention
}

export const ours = ({incident}: Recorded) => incident === ID

function withoutUndefined(value: object): Act {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Act // the records above are acts
}

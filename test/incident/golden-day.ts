import type {Draft, Recorded, ScramEvent, Timing} from '../../src/incident/events.ts'
import {fold} from '../../src/incident/evolve.ts'
import type {ComponentKind, ComponentStatus, Milestone, PublicStatus} from '../../src/incident/words.ts'
import {entryId, ID, recorder} from './history.ts'

/**
 * The routing outage of 2012-06-07, as far as two sources tell it: the public report, and the status page's own document
 * as it stood during the outage. Everything is written the morning after, but for what the page's record gives to the
 * second. How an instant is known:
 */
const HOW = {
  /** The page's record gives it. */
  record: {basis: 'recorded', precisionMs: 1000},
  /** The report gives it. */
  report: {basis: 'stated', precisionMs: 1000},
  /** Arithmetic on those two. */
  sum: {basis: 'stated', precisionMs: 60_000},
  /** The same, and only about. */
  about: {basis: 'stated', precisionMs: 60_000, approx: true},
  /** In neither source: filler that keeps the order. Nothing may be asserted of its clock time. */
  filler: {basis: 'assumed', precisionMs: 60_000, approx: true},
} as const satisfies Record<string, Timing>
type How = keyof typeof HOW

const NEXT_MORNING = '2012-06-08T09:00:00.000Z'
const TRAFFIC = {metric: 'HTTP traffic', min: 10, max: 15}

type Entry = readonly [at: string, how: How, event: ScramEvent, by?: 'alert']

const mark = (milestone: Milestone, text: string): ScramEvent => ({kind: 'milestone.marked', data: {milestone, text}})
const set = (component: string, status: ComponentStatus, extent?: typeof TRAFFIC): ScramEvent => ({
  kind: 'component.set',
  data: {component, status, ...(extent && {extent})},
})
const tiers = (at: string, how: How, status: ComponentStatus, extent?: typeof TRAFFIC): readonly Entry[] =>
  ['production', 'development'].map(tier => [at, how, set(tier, status, extent)] as const)
const rod = {rod: 'api-maintenance', why: 'contain the damage', targets: [], intent: ''}
const post = (number: number, status: PublicStatus, body: string): ScramEvent => ({
  kind: 'update.posted',
  data: {number, status, body, components: {}, ...(number === 9 && {promises: [{what: 'postmortem'}]})},
})

const ENTRIES: readonly Entry[] = [
  ['15:52:41', 'report', mark('started', 'routing fails for every application')],
  ...tiers('15:52:41', 'report', 'major_outage'),
  ['15:52:51', 'about', mark('detected', 'the first alert goes out'), 'alert'],
  ['15:54:51', 'filler', mark('engaged', 'engineers are at work')],
  ['15:55:51', 'record', {kind: 'incident.opened', data: {title: 'HTTP Routing Errors', severity: 'SEV1', impact: 'critical'}}],
  ['15:55:51', 'record', post(1, 'investigating', 'errors were detected by machine')],
  ['15:55:51', 'filler', set('status-site', 'major_outage')],
  ['15:58:56', 'record', post(2, 'investigating', 'errors are widespread')],
  ['15:59:51', 'filler', mark('identified', 'the fault is understood')],
  ['16:06:00', 'filler', {kind: 'rod.inserted', data: {...rod, to: 'maintenance'}}],
  ['16:06:00', 'filler', set('api', 'under_maintenance')],
  ['16:15:25', 'record', post(3, 'identified', 'it is in the routers')],
  ...tiers('16:22:41', 'about', 'partial_outage', TRAFFIC),
  ['16:30:00', 'filler', set('status-site', 'partial_outage')],
  ['16:36:37', 'record', post(4, 'monitoring', 'a patch is out, applications return')],
  ['16:50:21', 'record', post(5, 'monitoring', 'most applications are back')],
  ['17:16:40', 'record', post(6, 'monitoring', 'the API is closed on purpose')],
  ['17:26:55', 'record', {kind: 'update.amended', data: {update: '', number: 6}}],
  ['17:30:00', 'filler', set('status-site', 'operational')],
  ['17:38:00', 'filler', {kind: 'rod.withdrawn', data: {...rod, to: 'withdrawn'}}],
  ['17:38:00', 'filler', set('api', 'operational')],
  ['17:47:26', 'record', post(7, 'monitoring', 'errors fall, the API is back')],
  ...tiers('17:52:41', 'about', 'degraded_performance'),
  ['17:55:00', 'filler', post(8, 'monitoring', 'error rates are normal again')],
  ...tiers('18:08:41', 'sum', 'operational'),
  ['18:08:41', 'filler', post(9, 'resolved', 'it is over, a postmortem follows')],
  ['18:08:41', 'sum', {kind: 'incident.resolved', data: {}}],
  ...(
    [
      ['engage', 2, '<='],
      ['public', 3, '='],
      ['diagnose', 7, '<='],
    ] as const
  ).map(([measure, minutes, bound]): Entry => ['', 'report', {kind: 'measure.stated', data: {measure, ms: minutes * 60_000, bound, from: 'first alert'}}]),
]

export const KINDS: Readonly<Record<string, ComponentKind>> = {'status-site': 'communication'}
/** Long after: "now" must not matter for an incident that is over. */
export const NOW_MS = Date.parse('2012-06-20T00:00:00.000Z')

/** The day's records in the order of that day; with `shift`, every assumed instant is moved by what it answers. */
export function goldenDay(shift: (at: string, event: ScramEvent) => string = at => at): readonly Recorded[] {
  const write = recorder('d0')
  return ENTRIES.map(([clock, how, event, by]) => {
    const typed = clock === '' ? NEXT_MORNING : `2012-06-07T${clock}.000Z`
    const at = how === 'filler' ? shift(typed, event) : typed
    const draft: Draft = {...withUpdateId(event), ...HOW[how], at}
    const written = write(draft, {nowMs: Date.parse(NEXT_MORNING), actor: by === 'alert' ? {name: 'monitoring', kind: 'alert'} : {name: 'scribe'}})
    return how === 'record' ? {...written, recorded: at} : written
  })
}

export const goldenState = (events = goldenDay()) => fold(ID, events)

/** Update 6 was changed on the page; what it said before was not kept. */
function withUpdateId(event: ScramEvent): ScramEvent {
  if (event.kind !== 'update.amended') return event
  const posted = ENTRIES.findIndex(([, , each]) => each.kind === 'update.posted' && each.data.number === 6)
  return {...event, data: {...event.data, update: entryId('d0', posted + 1)}}
}

import {type Board, maybeIn, type RodState} from '../incident/board-state.ts'
import {describeEvent} from '../incident/describe.ts'
import type {EventData, Recorded} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import {dueReminder} from '../incident/rod-reminder.ts'
import {type Restart, restartsIn} from '../incident/rod-restart.ts'
import {othersIn} from '../incident/rods-of.ts'
import {defined} from '../lib/defined.ts'
import {Fault, isAbort} from '../lib/fault.ts'
import {lookThrough, readAll} from '../rods/observe.ts'
import type {Rod} from '../rods/rod.ts'
import type {Desk} from './desk.ts'
import {keepClockBeside} from './keep-clock.ts'
import {noticeLetGo} from './notice-let-go.ts'
import {propose} from './record-intention.ts'
import {releaseRod} from './release-rod.ts'
import {type TellOnce, tellOnce} from './tell-once.ts'
import {isDueForRelease, shouldHaveLetGo} from './withdrawal-terms.ts'

/** What a watcher noticed. */
export type Noticed =
  | {readonly what: 'looked'; readonly rods: readonly RodState[]; readonly now: number}
  | {readonly what: 'recorded'; readonly event: Recorded}
  /** A rod could not be looked at, or its release did not come about; null: the record itself. Told when it begins, not at every look. */
  | {readonly what: 'trouble'; readonly rod: string | null; readonly reason: string}

export interface WatchRods {
  readonly everyMs: number
  /** Look once and come back; a release that is due is begun, and given up where its guard is not good soon: the next look goes on. */
  readonly once: boolean
  /** Start the withdrawal of a rod that asked for it; absent: yes. */
  readonly releases?: boolean
  tell(noticed: Noticed): void
}

/** One stale answer of an old worker is no drift: two looks in a row must disagree in the same way. */
const DISAGREEMENTS = 2
const AGAIN_MS = 1000

/**
 * Keeps an eye on every rod that is in, until `signal` ends it: looks whether it still stands where it was verified,
 * reminds of its expiry, and starts the guarded withdrawal of one that asked for a release. It never inserts. Several
 * watchers, and runs, may watch at once: each drift and each reminder is recorded once. A look that fails (a record that
 * cannot be read now) is told, and the next one is made all the same.
 * @throws Fault with `once` only, where the record cannot be read. An abort passes through
 */
export async function watchRods(desk: Desk, {everyMs, once, tell, releases: mayRelease = true}: WatchRods, signal: AbortSignal): Promise<void> {
  const doubts = new Map<string, {readonly seen: string; readonly times: number}>()
  const releases = new Map<string, Promise<void>>()
  const watch: Watch = {doubts, releases, mayRelease, once, tell, ...tellOnce((rod, reason) => tell({what: 'trouble', rod, reason}))}
  let isAgain = false
  try {
    for (;;) {
      signal.throwIfAborted()
      try {
        await lookOnce(desk, watch, signal)
        watch.well('look')
      } catch (error) {
        if (once || !(error instanceof Fault) || isAbort(error)) throw error
        watch.trouble('look', null, error.message)
      }
      // One look that disagrees may be stale, and somebody who looks once is to hear of it all the same.
      if (once && (doubts.size === 0 || isAgain)) return
      isAgain = true
      await desk.clock.sleep(once ? AGAIN_MS : everyMs, signal)
    }
  } finally {
    await Promise.allSettled(releases.values())
  }
}

async function lookOnce(desk: Desk, watch: Watch, signal: AbortSignal): Promise<void> {
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  desk.notice(board)
  const rods = Object.values(board.rods).filter(maybeIn)
  await Promise.all(rods.map(rod => watchOne(desk, board, rod, watch, signal)))
  if (watch.once) await Promise.allSettled(watch.releases.values())
  // Somebody who watches for hours must not learn at the end of them that nothing reached the record.
  for (const {message} of journal.trouble()) watch.trouble(`record ${message}`, null, message)
  // The only look is the result, so it shows what it has changed itself.
  const after = watch.once ? Object.values((await journal.fold(boardProjection)).rods).filter(maybeIn) : rods
  watch.tell({what: 'looked', rods: after, now: desk.clock.now()})
}

const EVERY_MS = 15_000

/**
 * Watches the rods for drift and reminders, and does what is due, while something else goes on, such as a run: nobody may be
 * running `scram watch` then. What it notices is told, and what it cannot do never disturbs the work.
 */
export async function whileWatching<T>(desk: Desk, work: () => Promise<T>): Promise<T> {
  const over = new AbortController()
  const keeping = keepClockBeside(desk, line => desk.narrate(`! ${line}`), over.signal)
  const watching = desk.clock
    .sleep(EVERY_MS, over.signal)
    .then(() => watchRods(desk, {everyMs: EVERY_MS, once: false, releases: false, tell: noticed => narrateNews(desk, noticed)}, over.signal))
    .catch((error: unknown) => {
      if (!isAbort(error)) desk.narrate(`! the rods are not watched any more: ${error instanceof Error ? error.message : String(error)}`)
    })
  try {
    return await work()
  } finally {
    over.abort(new DOMException('the work is over', 'AbortError'))
    await Promise.all([watching, keeping])
  }
}

function narrateNews(desk: Desk, noticed: Noticed): void {
  if (noticed.what === 'recorded') desk.narrate(`! ${describeEvent(noticed.event)}`)
  if (noticed.what === 'trouble') desk.narrate(`! ${noticed.rod === null ? '' : `rod ${noticed.rod}: `}${noticed.reason}`)
}

interface Watch extends Pick<WatchRods, 'tell' | 'once'>, TellOnce {
  readonly doubts: Map<string, {readonly seen: string; readonly times: number}>
  readonly releases: Map<string, Promise<void>>
  readonly mayRelease: boolean
}

async function watchOne(desk: Desk, board: Board, state: RodState, watch: Watch, signal: AbortSignal): Promise<void> {
  const {tell, trouble, well, releases, mayRelease, once} = watch
  const id = state.rod
  try {
    if (dueReminder(state, desk.clock.now())) await record(desk, state, {intend: 'remind-of-rod', rod: id}, tell)
    const rod = await (await desk.rods()).get(id)
    if (shouldHaveLetGo(state, desk.clock.now())) {
      const out = await noticeLetGo(desk, board, rod, state, signal)
      if (out) return tell({what: 'recorded', event: out})
    }
    if (isVerified(state)) await lookForDrift(desk, board, rod, state, watch, signal)
    if (mayRelease && rod.onExpiry === 'release' && isDueForRelease(state, desk.clock.now()) && !releases.has(id)) {
      const release = releaseRod(desk, rod, signal, {isBrief: once})
        .then(
          ended => {
            well(`release ${id}`)
            if (ended) tell({what: 'recorded', event: ended})
          },
          error => trouble(`release ${id}`, id, reasonOf(error)),
        )
        .finally(() => releases.delete(id))
      releases.set(id, release)
    }
    well(id)
  } catch (error) {
    signal.throwIfAborted()
    trouble(id, id, reasonOf(error))
  }
}

const isVerified = ({status}: RodState) => status === 'inserted' || status === 'held' || status === 'drifted'

async function lookForDrift(desk: Desk, board: Board, rod: Rod, state: RodState, {doubts, tell}: Watch, signal: AbortSignal): Promise<void> {
  const first = await lookAt(desk, board, rod, state, signal)
  // Another process answers than before: what it lost is asked again at once, not at the next look.
  const {drift, restart} = first.restart ? await lookAt(desk, board, rod, state, signal) : first
  if (restart && !drift) await record(desk, state, {intend: 'note-drift', drift: restart}, tell)
  if (!drift) return void doubts.delete(rod.id)
  const before = first.restart ? {seen: first.drift?.seen, times: 1} : doubts.get(rod.id)
  const times = before?.seen === drift.seen ? before.times + 1 : 1
  doubts.set(rod.id, {seen: drift.seen, times})
  if (times >= DISAGREEMENTS) await record(desk, state, {intend: 'note-drift', drift}, tell)
}

interface LookedAt {
  /** What a side shows that is not where the rod was verified; null where both agree, cannot tell, or cannot see for another rod. */
  readonly drift: EventData['rod.drifted'] | null
  /** A target answers as another process or server than the one recorded, wherever it stands. */
  readonly restart: EventData['rod.drifted'] | null
}

async function lookAt(desk: Desk, board: Board, rod: Rod, state: RodState, signal: AbortSignal): Promise<LookedAt> {
  const {verified} = state
  const [driver, probes] = await Promise.all([rod.driver(), rod.probes()])
  // Hundreds of samples every 15 s would be load of their own: such a rod is only read.
  const looking =
    probes.length === 0 || probes.some(probe => probe.isSampled?.(verified))
      ? null
      : lookThrough(probes, signal, {wanted: verified, masks: othersIn(board, rod.id)})
  const [readings, look] = await Promise.all([readAll(driver, signal, desk.clock), looking])
  const targets = readings.map(({target, position, version, instance}) => ({target, position, ...defined({version, instance})}))
  const other = readings.find(({position}) => position !== 'unknown' && position !== verified)
  const isElsewhere = look !== null && !look.isMasked && look.position !== 'unknown' && look.position !== verified
  const [another] = restartsIn(state, targets)
  const common = {rod: rod.id, expected: verified, targets, ...(another && {version: another.now})}
  const restart = another ? ({...common, seen: verified, by: 'read', evidence: restartWords(another)} as const) : null
  if (isElsewhere) return {drift: {...common, seen: look.position, by: 'probe', evidence: look.evidence}, restart}
  if (!other) return {drift: null, restart}
  return {drift: {...common, seen: other.position, by: 'read', evidence: other.evidence, ...(!another && defined({version: other.version}))}, restart}
}

function restartWords({target, before, now}: Restart): string {
  return `${target === '' ? 'its target' : target} answers as ${now} now, as ${before} before: restarted, reloaded or failed over`
}

async function record(desk: Desk, {incident}: RodState, intention: Parameters<typeof propose>[2], tell: WatchRods['tell']): Promise<void> {
  const {events} = await propose(desk, incident, intention)
  for (const event of events) tell({what: 'recorded', event})
}

function reasonOf(error: unknown): string {
  if (error instanceof Fault) return error.message
  if (isAbort(error)) return 'interrupted'
  throw error
}

import {type Board, maybeIn, type RodState} from '../incident/board-state.ts'
import {describeEvent} from '../incident/describe.ts'
import type {EventData, Recorded} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import {dueReminder} from '../incident/rod-reminder.ts'
import {othersIn} from '../incident/rods-of.ts'
import {Fault, isAbort} from '../lib/fault.ts'
import {lookThrough, readAll} from '../rods/observe.ts'
import type {Rod} from '../rods/rod.ts'
import type {Desk} from './desk.ts'
import {keepClockBeside} from './keep-clock.ts'
import {propose} from './record-intention.ts'
import {releaseRod} from './release-rod.ts'
import {isDueForRelease} from './withdrawal-terms.ts'

/** What a watcher noticed. */
export type Noticed =
  | {readonly what: 'looked'; readonly rods: readonly RodState[]; readonly now: number}
  | {readonly what: 'recorded'; readonly event: Recorded}
  /** A rod could not be looked at, or its release did not come about. */
  | {readonly what: 'trouble'; readonly rod: string; readonly reason: string}

export interface WatchRods {
  readonly everyMs: number
  /** Look once and come back: no release is begun, for it may wait for its guard without end. */
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
 * watchers, and runs, may watch at once: each drift and each reminder is recorded once.
 */
export async function watchRods(desk: Desk, {everyMs, once, tell, releases: mayRelease = true}: WatchRods, signal: AbortSignal): Promise<void> {
  const doubts = new Map<string, {readonly seen: string; readonly times: number}>()
  const releases = new Map<string, Promise<void>>()
  let isAgain = false
  try {
    for (;;) {
      signal.throwIfAborted()
      const board = await (await desk.journal()).fold(boardProjection)
      desk.notice(board)
      const rods = Object.values(board.rods).filter(maybeIn)
      await Promise.all(rods.map(rod => watchOne(desk, board, rod, {doubts, releases, mayRelease: mayRelease && !once, tell}, signal)))
      tell({what: 'looked', rods, now: desk.clock.now()})
      // One look that disagrees may be stale, and somebody who looks once is to hear of it all the same.
      if (once && (doubts.size === 0 || isAgain)) return
      isAgain = true
      await desk.clock.sleep(once ? AGAIN_MS : everyMs, signal)
    }
  } finally {
    await Promise.allSettled(releases.values())
  }
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
  if (noticed.what === 'trouble') desk.narrate(`! rod ${noticed.rod}: ${noticed.reason}`)
}

interface Watch extends Pick<WatchRods, 'tell'> {
  readonly doubts: Map<string, {readonly seen: string; readonly times: number}>
  readonly releases: Map<string, Promise<void>>
  readonly mayRelease: boolean
}

async function watchOne(desk: Desk, board: Board, state: RodState, watch: Watch, signal: AbortSignal): Promise<void> {
  const {tell, releases, mayRelease} = watch
  const id = state.rod
  try {
    if (dueReminder(state, desk.clock.now())) await record(desk, state, {intend: 'remind-of-rod', rod: id}, tell)
    const rod = await (await desk.rods()).get(id)
    if (isVerified(state)) await lookForDrift(desk, board, rod, state, watch, signal)
    if (mayRelease && rod.onExpiry === 'release' && isDueForRelease(state, desk.clock.now()) && !releases.has(id)) {
      const release = releaseRod(desk, rod, signal)
        .then(
          ended => (ended ? tell({what: 'recorded', event: ended}) : undefined),
          error => tell({what: 'trouble', rod: id, reason: reasonOf(error)}),
        )
        .finally(() => releases.delete(id))
      releases.set(id, release)
    }
  } catch (error) {
    signal.throwIfAborted()
    tell({what: 'trouble', rod: id, reason: reasonOf(error)})
  }
}

const isVerified = ({status}: RodState) => status === 'inserted' || status === 'held' || status === 'drifted'

async function lookForDrift(desk: Desk, board: Board, rod: Rod, state: RodState, {doubts, tell}: Watch, signal: AbortSignal): Promise<void> {
  const drift = await driftOf(desk, board, rod, state, signal)
  if (!drift) return void doubts.delete(rod.id)
  const before = doubts.get(rod.id)
  const times = before?.seen === drift.seen ? before.times + 1 : 1
  doubts.set(rod.id, {seen: drift.seen, times})
  if (times >= DISAGREEMENTS) await record(desk, state, {intend: 'note-drift', drift}, tell)
}

/** What a side shows that is not where the rod was verified; null where both agree, cannot tell, or cannot see for another rod. */
async function driftOf(desk: Desk, board: Board, rod: Rod, {verified}: RodState, signal: AbortSignal): Promise<EventData['rod.drifted'] | null> {
  const [driver, probes] = await Promise.all([rod.driver(), rod.probes()])
  // Hundreds of samples every 15 s would be load of their own: such a rod is only read.
  const looking =
    probes.length === 0 || probes.some(probe => probe.isSampled?.(verified))
      ? null
      : lookThrough(probes, signal, {wanted: verified, masks: othersIn(board, rod.id)})
  const [readings, look] = await Promise.all([readAll(driver, signal, desk.clock), looking])
  const targets = readings.map(({target, position, version}) => ({target, position, ...(version !== undefined && {version})}))
  const other = readings.find(({position}) => position !== 'unknown' && position !== verified)
  const isElsewhere = look !== null && !look.isMasked && look.position !== 'unknown' && look.position !== verified
  const common = {rod: rod.id, expected: verified, targets}
  if (isElsewhere) return {...common, seen: look.position, by: 'probe', evidence: look.evidence}
  if (!other) return null
  return {...common, seen: other.position, by: 'read', evidence: other.evidence, ...(other.version !== undefined && {version: other.version})}
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

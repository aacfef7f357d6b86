import type {Board} from '../incident/board-state.ts'
import type {Opaque, Recorded} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import type {Journal} from '../journal/journal.ts'
import type {Desk} from './desk.ts'
import {fireDue} from './fire-due.ts'
import {keepClock} from './keep-clock.ts'
import {type RunNow, runsNow} from './runs-now.ts'
import {type Noticed, watchRods} from './watch-rods.ts'

export type WatchPart = 'rods' | 'clock' | 'record'

/** What a watcher sees and does. */
export type WatchNews =
  | Noticed
  /** Something that is due could not be done, or did not reach the outside. */
  | {readonly what: 'problem'; readonly reason: string}
  /** A part of the watcher failed; it is tried again, and the others go on. */
  | {readonly what: 'fault'; readonly part: WatchPart; readonly reason: string}
  /** Every second, for whoever draws; `isNews`: the record has changed since. */
  | {readonly what: 'board'; readonly board: Board; readonly runs: readonly RunNow[]; readonly now: number; readonly isNews: boolean}

export interface Watch {
  /** Between two looks at the rods. */
  readonly everyMs: number
  /** Look, do what is due, and come back. */
  readonly once: boolean
  tell(news: WatchNews): void
}

const AGAIN_MS = 5000
const BOARD_MS = 1000
/** More than this in a second is an import: it is in the record, and no news. */
const NEWEST = 200

/**
 * Watches until `signal` ends it: does what is due, keeps an eye on the rods, follows the record. It never continues a run,
 * answers a question, or posts a text that nobody wrote for now, but for the fallback a runbook chose. Several watchers are
 * harmless: each thing is recorded once. A part that fails says so once, is tried again, and disturbs no other.
 * @throws the reason of `signal`
 */
export async function watch(desk: Desk, {everyMs, once, tell}: Watch, signal: AbortSignal): Promise<void> {
  const told = new Set<string>()
  /** The part that recorded something tells it, and so does the one that follows the record. */
  const tellOnce = (news: WatchNews) => {
    if (news.what === 'recorded') {
      if (told.has(news.event.id)) return
      told.add(news.event.id)
    }
    tell(news)
  }
  const parts: Readonly<Record<WatchPart, () => Promise<void>>> = {
    rods: () => watchRods(desk, {everyMs, once, tell: tellOnce}, signal),
    clock: () => (once ? fireOnce(desk, tellOnce, signal) : keepTime(desk, tellOnce, signal)),
    record: () => followRecord(desk, {once, tell: tellOnce}, signal),
  }
  const start = (part: WatchPart) => lasting(desk, part, parts[part], {once, tell}, signal)
  // Of a single look the record comes last: it is to show what the others did.
  if (once) for (const part of ['rods', 'clock', 'record'] as const) await start(part)
  const ends = once ? [] : await Promise.allSettled([start('rods'), start('clock'), start('record')])
  signal.throwIfAborted()
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

/** Begins anew what failed, until it ends by itself. The same failure again is no news. */
async function lasting(desk: Desk, part: WatchPart, work: () => Promise<void>, {once, tell}: Pick<Watch, 'once' | 'tell'>, signal: AbortSignal): Promise<void> {
  let told = ''
  for (;;) {
    try {
      return await work()
    } catch (error) {
      signal.throwIfAborted()
      const reason = error instanceof Error ? error.message : String(error)
      if (reason !== told) tell({what: 'fault', part, reason})
      told = reason
      if (once) return
    }
    await desk.clock.sleep(AGAIN_MS, signal)
  }
}

async function fireOnce(desk: Desk, tell: Watch['tell'], signal: AbortSignal): Promise<void> {
  const {events, problems} = await fireDue(desk, {fillsSilence: true, most: NEWEST}, signal)
  for (const event of events) tell({what: 'recorded', event})
  for (const reason of problems) tell({what: 'problem', reason})
}

async function keepTime(desk: Desk, tell: Watch['tell'], signal: AbortSignal): Promise<void> {
  // An older scram may have written timers without their table.
  await (await desk.journal()).rebuildTimers()
  await keepClock(
    desk,
    {
      fillsSilence: true,
      tell({events, problems}) {
        for (const event of events) tell({what: 'recorded', event})
        for (const reason of problems) tell({what: 'problem', reason})
      },
    },
    signal,
  )
}

/** What others record is news here, too; and the board is shown again every second, for its clock runs. */
async function followRecord(desk: Desk, {once, tell}: Pick<Watch, 'once' | 'tell'>, signal: AbortSignal): Promise<void> {
  const before = new Set((await (await desk.journal()).events({last: NEWEST})).map(({id}) => id))
  const troubles = new Set<string>()
  let version = Number.NaN
  let undriven = ''
  let reopenMs = desk.clock.now()
  for (;;) {
    signal.throwIfAborted()
    const journal = await desk.journal()
    const now = await journal.version()
    const isNews = now !== version
    version = now
    if (isNews) for (const event of await journal.events({last: NEWEST})) if (!before.has(event.id) && isTold(event)) tell({what: 'recorded', event})
    const board = await journal.fold(boardProjection)
    desk.notice(board)
    for (const {code, message} of journal.trouble()) {
      if (!troubles.has(code)) tell({what: 'fault', part: 'record', reason: message})
      troubles.add(code)
    }
    const runs = await runsNow(journal, board)
    const stopped = runs.flatMap(({state, run}) => (state === 'stopped' ? [run] : [])).join()
    tell({what: 'board', board, runs, now: desk.clock.now(), isNews: isNews || stopped !== undriven}) // a driver that dies records nothing
    undriven = stopped
    if (once) return
    if (isBroken(journal) && Math.abs(desk.clock.now() - reopenMs) >= REOPEN_MS) {
      reopenMs = desk.clock.now()
      await desk.reopen?.()
      version = Number.NaN
    }
    await desk.clock.sleep(BOARD_MS, signal)
  }
}

/** A journal whose disk failed stays closed; whoever stays for hours asks now and then whether it is well again. */
const REOPEN_MS = 60_000

function isBroken(journal: Journal): boolean {
  return journal.trouble().some(({code}) => code === 'emergency' || code === 'read-only')
}

/** Bookkeeping of machines: it shows on the board where it matters. */
const QUIET: ReadonlySet<Recorded['kind']> = new Set([
  'page.published',
  'delivery.queued',
  'delivery.sent',
  'step.started',
  'decision.recorded',
  'milestone.marked',
  'timer.cancelled',
  'run.resumed',
])

function isTold(event: Recorded | Opaque): event is Recorded {
  if ('opaque' in event) return false
  return !QUIET.has(event.kind) && !(event.kind === 'timer.set' && event.data.update === undefined)
}

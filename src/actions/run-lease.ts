import {boardProjection} from '../incident/projections.ts'
import type {Lease} from '../journal/journal.ts'
import {Fault} from '../lib/fault.ts'
import {shortId} from '../lib/ids.ts'
import {foldRun} from '../runbook/fold.ts'
import type {Desk} from './desk.ts'
import {type Hold, holdLease} from './hold-lease.ts'
import {runEvents} from './run-ports.ts'

export type RunHold = Extract<Hold, {held: true}>

/** The lease of a run, or who has it. `take`: a person's word, also while its holder lives. */
export function holdRun(desk: Desk, run: string, take = false): Promise<Hold> {
  return holdLease(desk, `run/${run}`, take)
}

export function busy(run: string, {holder, until}: Extract<Hold, {held: false}>): Fault {
  return new Fault('run.busy', `${holder} drives run ${shortId(run)} until ${until}`, {
    hints: [
      'wait for it',
      `scram resume ${shortId(run)}           # in a terminal: reads along`,
      `scram resume ${shortId(run)} --take    # drives it from here`,
    ],
  })
}

/** One process drives a run; its lease is renewed while it does and let go when it parks. @throws Fault run.busy · lease.lost */
export async function underLease<T>(desk: Desk, run: string, work: (lease: Lease) => Promise<T>): Promise<T> {
  const hold = await holdRun(desk, run)
  if (!hold.held) throw busy(run, hold)
  return whileHeld(desk, run, hold, work)
}

export async function whileHeld<T>(desk: Desk, run: string, hold: RunHold, work: (lease: Lease) => Promise<T>): Promise<T> {
  try {
    return await work(hold.lease)
  } catch (error) {
    if (error instanceof Fault && error.code === 'lease.lost') throw await taken(desk, run, error)
    throw error
  } finally {
    await hold.release()
    await remind(desk)
  }
}

/** The reminders after a run are the least of it: a record that fails now must not hide how it ended. */
async function remind(desk: Desk): Promise<void> {
  try {
    desk.notice(await (await desk.journal()).fold(boardProjection))
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    desk.narrate(`! what is open cannot be read: ${error.message}`)
  }
}

/** What the one who was driving is told: nothing more is done from here. */
async function taken(desk: Desk, run: string, cause: Fault): Promise<Fault> {
  const events = await runEvents(desk, run)
  const at = events.findLastIndex(event => event.kind === 'run.taken' || event.kind === 'run.resumed')
  const last = events[at]
  if (!last) return cause
  // As it stood then: what the other one began since is none of ours.
  const inFlight = Object.entries(foldRun(run, events.slice(0, at))?.steps ?? {}).flatMap(([step, {status}]) => (status === 'started' ? [step] : []))
  const step = inFlight.length > 0 ? `; ${inFlight.join(', ')} was in flight and is theirs to settle` : ''
  return new Fault('lease.lost', `${last.actor.name} took run ${shortId(run)} over at ${last.recorded}. Nothing more is done from here${step}`, {
    cause,
    hints: [`scram resume ${shortId(run)}    # in a terminal: reads along`],
  })
}

import type {Board} from '../incident/board-state.ts'
import type {Recorded} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import {othersIn} from '../incident/rods-of.ts'
import {Fault, isAbort} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'
import {observe} from '../rods/observe.ts'
import type {Rod} from '../rods/rod.ts'
import type {Desk} from './desk.ts'
import {bankOf} from './find-bank.ts'
import {type Hold, holdLease} from './hold-lease.ts'
import {followIntent, incidentOfMove, type MovedRod, type Moving} from './move-rod.ts'
import {proposeWave, type WaveEntry} from './propose-wave.ts'

export interface TripBank {
  readonly bank: string
  readonly why: string
  /** Answers the one confirmation. */
  readonly yes: boolean
  /** A rod settled: called once for each, in the order in which they do. */
  onRod?(tripped: TrippedRod): void
}

/**
 * How one rod of a bank came out. `refused`: nothing of it was sent, `fault` says why. `cut-off`: its intent is open, and
 * where it stands is unknown.
 */
export type TrippedRod = {readonly rod: string; readonly wave: number} & (
  | {readonly end: 'moved'; readonly moved: MovedRod}
  | {readonly end: 'refused' | 'cut-off'; readonly fault: Fault}
)

export interface TrippedBank {
  readonly bank: string
  readonly title: string
  readonly incident: string | null
  /** In the order of the bank. */
  readonly rods: readonly TrippedRod[]
}

/**
 * Inserts every rod of a bank: waves in order, a wave in parallel. A wave is over when each of its rods is acknowledged
 * or has failed; its verification goes on while the next one goes in. Nothing stops it: what cannot go in is reported,
 * the rest goes on. Approvals are set aside, and recorded as such; interlocks are not. Ctrl-C ends it, and the answer says
 * of each rod whether it is in, unknown, or was not begun.
 * @throws Fault rod.not-found (no such bank) · usage.missing · usage.terminal · person.needed (the answer was no) · incident.several
 */
export async function tripBank(desk: Desk, {bank: id, why, yes, onRod}: TripBank, signal: AbortSignal): Promise<TrippedBank> {
  const bank = await bankOf(desk, id)
  if (why.trim() === '') throw new Fault('usage.missing', '--why wants a reason: it is the first thing the next person asks')
  const incident = await incidentOfMove(desk, '', 'insert-rod')
  const waves = bank.waves.map((rods, wave) => rods.map(rod => ({rod, wave: wave + 1})))
  const opened = await openAll(desk, waves.flat().map(({rod}) => rod)) // biome-ignore format: one line
  if (!yes) await confirm(desk, bank.title, id, opened, signal)
  const done = new Map<string, Promise<TrippedRod>>()
  for (const wave of waves) {
    const {settled, acknowledged} = await insertWave(desk, incident, {bank: id, why}, wave, opened, signal)
    for (const [rod, tripped] of settled) done.set(rod, tell(tripped, onRod))
    await acknowledged
  }
  return {bank: id, title: bank.title, incident, rods: await Promise.all(done.values())}
}

type Opened = ReadonlyMap<string, Rod | Fault>
type Settling = readonly (readonly [string, Promise<TrippedRod>])[]

/**
 * One wave: everything is looked at together, all intents are one transaction, then each rod moves on its own. Does not
 * reject, whatever happens to one of them or to the journal: the rods of the other waves are on their way.
 */
async function insertWave(
  desk: Desk,
  incident: string | null,
  {bank, why}: {readonly bank: string; readonly why: string},
  wave: readonly {readonly rod: string; readonly wave: number}[],
  opened: Opened,
  signal: AbortSignal,
): Promise<{settled: Settling; acknowledged: Promise<unknown>}> {
  const board = desk.journal().then(journal => journal.fold(boardProjection))
  const looked = await Promise.all(
    wave.map(async place => {
      try {
        return {...place, fault: null, entry: await entryOf(desk, board, opened.get(place.rod), {bank, why}, signal)}
      } catch (error) {
        return {...place, fault: faultOf(place.rod, error), entry: null}
      }
    }),
  )
  const entries = looked.flatMap(({entry}) => entry ?? [])
  const answers = await proposeWave(desk, incident, entries).catch(
    error => new Map(entries.map(({rod}) => [rod.id, faultOf(rod.id, error)])), // one transaction: none of them was recorded
  )
  const acknowledged: Promise<unknown>[] = []
  const settled = looked.map(({rod, wave, fault, entry}): Settling[number] => {
    const answer = fault ?? answers.get(rod)
    if (!entry || !answer || answer instanceof Fault) {
      void release(entry?.moving.hold)
      return [rod, Promise.resolve({rod, wave, end: 'refused', fault: answer instanceof Fault ? answer : new Fault('bug', `${rod} was forgotten`)})]
    }
    const {heard, onFact} = listen(entry.before.driver.targets.length)
    const moved = settle(desk, {...entry, moving: {...entry.moving, onFact}}, answer, signal).then(end => ({rod, wave, ...end}))
    acknowledged.push(Promise.race([heard, moved]))
    return [rod, moved]
  })
  return {settled, acknowledged: Promise.allSettled(acknowledged)}
}

async function entryOf(
  desk: Desk,
  folded: Promise<Board>,
  rod: Rod | Fault | undefined,
  {bank, why}: {readonly bank: string; readonly why: string},
  signal: AbortSignal,
): Promise<WaveEntry> {
  const board = await folded
  if (!rod) throw new Error('a rod of the bank was not opened')
  if (rod instanceof Fault) throw rod
  const before = await observe(rod, signal, desk.clock, othersIn(board, rod.id))
  const hold = await holdLease(desk, `rod/${rod.id}`)
  const expiresAt = new Date(desk.clock.now() + rod.expiresMs).toISOString()
  return {rod, before, moving: {intend: 'insert-rod', to: rod.fullyIn, why, expiresAt, bank, hold, terms: {rules: rod.rules}}}
}

type Ended = {readonly end: 'moved'; readonly moved: MovedRod} | {readonly end: 'cut-off'; readonly fault: Fault}

async function settle(desk: Desk, {rod, before, moving}: WaveEntry, intent: Recorded, signal: AbortSignal): Promise<Ended> {
  try {
    return {end: 'moved', moved: await followIntent(desk, rod, before, moving, intent, signal)}
  } catch (error) {
    // Its intent is open, whoever or whatever cut it off: the other rods are told as they stand.
    return {end: 'cut-off', fault: faultOf(rod.id, error)}
  } finally {
    await release(moving.hold)
  }
}

/** Resolves when every target has answered its call, or failed to. */
function listen(targets: number): {heard: Promise<void>; onFact: NonNullable<Moving['onFact']>} {
  const {promise, resolve} = Promise.withResolvers<void>()
  let left = targets
  return {
    heard: promise,
    onFact({fact}) {
      if (fact === 'acknowledged' || fact === 'not-acknowledged') left--
      if (left <= 0) resolve()
    },
  }
}

async function openAll(desk: Desk, ids: readonly string[]): Promise<Opened> {
  const shelf = await desk.rods()
  return new Map(await Promise.all(ids.map(async id => [id, await shelf.get(id).catch(onlyFault)] as const)))
}

async function confirm(desk: Desk, title: string, bank: string, opened: Opened, signal: AbortSignal): Promise<void> {
  if (desk.ask === null)
    throw new Fault('usage.terminal', `trip ${bank} asks before it inserts, and there is nobody to ask`, {hints: [`scram trip ${bank} --yes --why TEXT`]})
  for (const [id, rod] of opened)
    desk.narrate(rod instanceof Fault ? `  ${id}  cannot go in: ${rod.message}` : `  ${id}  stops ${rod.what}; spares ${rod.spares}`)
  const isMeant = await desk.ask.confirm(`${title}: insert ${opened.size === 1 ? 'this rod' : `these ${opened.size} rods`}?`, signal)
  if (!isMeant) throw new Fault('person.needed', 'nothing was inserted')
}

async function tell(tripped: Promise<TrippedRod>, onRod: TripBank['onRod']): Promise<TrippedRod> {
  const settled = await tripped
  onRod?.(settled)
  return settled
}

async function release(hold: Hold | undefined): Promise<void> {
  if (hold?.held === true) await hold.release()
}

function onlyFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  throw error
}

/** What became of one rod must be told beside the others, even where it is a bug of ours. */
function faultOf(rod: string, error: unknown): Fault {
  if (error instanceof Fault) return error
  const name = shellQuote(rod)
  if (isAbort(error)) return new Fault('interrupted', `interrupted before anything of ${rod} was sent`, {hints: [`scram in ${name} --why TEXT`]})
  return new Fault('bug', `a bug in scram stopped ${rod}`, {hints: [`scram rod verify ${name}`], cause: error})
}

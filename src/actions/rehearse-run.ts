import type {Draft, Position, Recorded} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import type {Journal} from '../journal/journal.ts'
import type {Clock} from '../lib/clock.ts'
import {Fault} from '../lib/fault.ts'
import {textOf} from '../lib/text-of.ts'
import {toPosition} from '../rods/position.ts'
import type {ActionCall} from '../runbook/ports.ts'
import type {OpenRehearsal, Rehearsal, RodMove} from '../runbook/testing/rehearsal.ts'
import type {Desk, Workspace} from './desk.ts'
import {runPorts} from './run-ports.ts'

/**
 * The record a runbook test runs over: in memory, with the workspace, the decisions and the folds of a real run. Rods
 * are only said to move; no driver is opened. @throws Fault setup.invalid: this desk has none
 */
export async function rehearsals(desk: Desk): Promise<OpenRehearsal> {
  // Read before the first one begins: nothing may wait for a disk while simulated time goes by.
  const {banks = []} = await desk.workspace()
  const positions = await positionsOf(desk)
  const movesOf: Rehearsal['movesOf'] = async call => movesIn(call, positions, banks)
  return async (clock, run) => {
    if (!desk.rehearse) throw new Fault('setup.invalid', 'this desk cannot rehearse a run')
    const journal = await desk.rehearse(clock)
    return rehearsal(deskOver(desk, clock, journal), journal, run, movesOf)
  }
}

type Positions = ReadonlyMap<string, readonly Position[]>

/** From withdrawn to all the way in; a rod that does not check is lint's to refuse where it is used. */
async function positionsOf(desk: Desk): Promise<Positions> {
  const shelf = await desk.rods()
  const all = await Promise.all(shelf.ids().map(async id => shelf.get(id).then(rod => [[id, rod.positions] as const], onlyFault)))
  return new Map(all.flat())
}

function onlyFault(error: unknown): readonly [] {
  if (error instanceof Fault) return []
  throw error
}

function deskOver(desk: Desk, clock: Clock, journal: Journal): Desk {
  const choice = {named: null, used: async () => null, use: async () => undefined}
  return {...desk, clock, choice, journal: async () => journal, notice: () => undefined, narrate: () => undefined, ask: null}
}

async function rehearsal(desk: Desk, journal: Journal, run: string, movesOf: Rehearsal['movesOf']): Promise<Rehearsal> {
  // The same each time, so that what it ends up in can be compared.
  const incident = `${desk.ids.incident(desk.clock.now()).slice(0, 5)}test00000000`
  const append = (drafts: readonly Draft[]) => journal.append(incident, drafts)
  return {
    async process() {
      const answer = await journal.lease(`run/${run}`, {take: true})
      if (!answer.held) throw new Error(`${answer.holder} holds the lease of a rehearsal`)
      const {
        actions,
        append: under,
        record,
        state,
        events,
      } = runPorts(desk, {run, incident, lease: answer.lease, tell: () => undefined, stop: new AbortController().signal})
      return {actions, append: under, record, state, events}
    },
    movesOf,
    async intendRod(move) {
      const {rods} = await journal.fold(boardProjection)
      const from = [{target: '', position: rods[move.rod]?.verified ?? 'withdrawn'}]
      await append([{kind: move.inserts ? 'rod.inserting' : 'rod.withdrawing', data: {rod: move.rod, to: move.to, from, why: move.why}}])
    },
    async settleRod(move, failed) {
      const state = (await journal.fold(boardProjection)).rods[move.rod]
      if (!state?.intent || (state.status !== 'inserting' && state.status !== 'withdrawing')) return
      await append([outcomeOf(move, {intent: state.intent, position: state.verified}, failed)])
    },
    say: async drafts => void (await append(drafts)),
    events: async () => (await journal.events()).filter((event): event is Recorded => !('opaque' in event)),
  }
}

function movesIn({uses, with: given}: Pick<ActionCall, 'uses' | 'with'>, positions: Positions, banks: NonNullable<Workspace['banks']>): readonly RodMove[] {
  const rod = textOf(given['rod'])
  const why = textOf(given['why'])
  const inserted = (id: string) => positions.get(id)?.at(-1) ?? 'inserted'
  const to = textOf(given['to'])
  const wanted = to === '' ? null : (toPosition(to, positions.get(rod) ?? []) ?? to)
  switch (uses) {
    case 'rod/insert':
      return [{rod, inserts: true, to: wanted ?? inserted(rod), why}]
    case 'rod/withdraw':
      return [{rod, inserts: false, to: wanted ?? 'withdrawn', why}]
    case 'trip':
      return (banks.find(({id}) => id === given['bank'])?.waves.flat() ?? []).map(id => ({rod: id, inserts: true, to: inserted(id), why}))
    default:
      return []
  }
}

function outcomeOf(
  {rod, inserts, to, why}: RodMove,
  before: {readonly intent: string; readonly position: string},
  failed: {readonly code: string; readonly message: string} | null,
): Draft {
  const {intent, position} = before
  const seen = {probe: 'test', ms: 0, evidence: 'as the test says'}
  if (!failed) {
    // A rate or a percentage is a step of the way out; only `withdrawn` is out.
    const kind = inserts || to !== 'withdrawn' ? 'rod.inserted' : 'rod.withdrawn'
    return {kind, data: {rod, to, intent, why, targets: [], effective: {...seen, position: to}}}
  }
  if (failed.code === 'rod.held') return {kind: 'rod.held', data: {rod, intent, position, stepBacks: 0, guard: 'test', reason: failed.message}}
  if (failed.code === 'rod.unverified') return {kind: 'rod.unverified', data: {rod, to, intent, why, targets: [], reason: failed.message}}
  return {kind: 'rod.jammed', data: {rod, to, intent, why, targets: [], code: failed.code, reason: failed.message, effective: {...seen, position}}}
}

import type {Draft, Recorded} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import type {Journal} from '../journal/journal.ts'
import type {Clock} from '../lib/clock.ts'
import {Fault} from '../lib/fault.ts'
import type {OpenRehearsal, Rehearsal, RodMove} from '../runbook/testing/rehearsal.ts'
import type {Desk} from './desk.ts'
import {runPorts} from './run-ports.ts'

/**
 * The record a runbook test runs over: in memory, with the workspace, the decisions and the folds of a real run. Rods
 * are only said to move; no driver is opened. @throws Fault setup.invalid: this desk has none
 */
export function rehearsals(desk: Desk): OpenRehearsal {
  return async (clock, run) => {
    if (!desk.rehearse) throw new Fault('setup.invalid', 'this desk cannot rehearse a run')
    const journal = await desk.rehearse(clock)
    return rehearsal(deskOver(desk, clock, journal), journal, run)
  }
}

function deskOver(desk: Desk, clock: Clock, journal: Journal): Desk {
  const choice = {named: null, used: async () => null, use: async () => undefined}
  return {...desk, clock, choice, journal: async () => journal, notice: () => undefined, narrate: () => undefined, ask: null}
}

async function rehearsal(desk: Desk, journal: Journal, run: string): Promise<Rehearsal> {
  const incident = desk.ids.incident(desk.clock.now())
  await desk.workspace() // read now: nothing may wait for a disk while simulated time goes by
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
    async intendRod(move) {
      const {rods} = await journal.fold(boardProjection)
      const from = [{target: '', position: rods[move.rod]?.verified ?? 'withdrawn'}]
      await append([{kind: move.inserts ? 'rod.inserting' : 'rod.withdrawing', data: {rod: move.rod, to: await positionOf(desk, move), from, why: move.why}}])
    },
    async settleRod(move, failed) {
      const state = (await journal.fold(boardProjection)).rods[move.rod]
      if (state?.intent === undefined || (state.status !== 'inserting' && state.status !== 'withdrawing')) return
      await append([outcomeOf(move, await positionOf(desk, move), {intent: state.intent ?? '', position: state.verified}, failed)])
    },
    say: async drafts => void (await append(drafts)),
    events: async () => (await journal.events()).filter((event): event is Recorded => !('opaque' in event)),
  }
}

async function positionOf(desk: Desk, {rod, inserts, to}: RodMove): Promise<string> {
  if (to !== null) return to
  return inserts ? (await (await desk.rods()).get(rod)).fullyIn : 'withdrawn'
}

function outcomeOf(
  {rod, inserts, why}: RodMove,
  to: string,
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

import {approvalNeeded, isApproved} from './approvals.ts'
import {correctOnBoard, endOnBoard, moveRods, onBoard, openOnBoard, reopenOnBoard, withEntry} from './board-incidents.ts'
import type {Board, OnBoard, PageOnBoard, RunOnBoard} from './board-state.ts'
import type {EventData, EventKind, Recorded} from './events.ts'
import {own, without} from './own.ts'
import {isPageFact, PAGE_KINDS} from './page-facts.ts'
import {REDACTED} from './redaction.ts'
import {evolveRod} from './rod-state.ts'
import {evolveTimers, withoutClock, withoutTimersOfRun, withPolicy, withSpoken} from './timers-on-board.ts'

/** The only kinds the board looks at: the journal need not read the others for it. */
export const boardKinds: readonly EventKind[] = [
  ...PAGE_KINDS,
  'incident.closed', 'severity.set',
  'rod.inserting', 'rod.withdrawing', 'rod.inserted', 'rod.withdrawn', 'rod.unverified', 'rod.jammed', 'rod.held', 'rod.drifted', 'rod.extended', 'rod.reminded', 'rod.tested',
  'run.started', 'run.parked', 'run.resumed', 'run.finished', 'step.started', 'decision.recorded',
  'timer.set', 'timer.fired', 'timer.cancelled',
  'page.published', 'page.failed',
  'stream.stopped', 'stream.resumed', 'stream.skipped',
] // biome-ignore format: by family

/**
 * The board after one more event of whichever incident. Total and pure like `evolve`; kinds that are not in `boardKinds`
 * change nothing, so a board folded from all events and one folded from those kinds are the same.
 */
export function evolveBoard(board: Board, event: Recorded): Board {
  const next = apply(board, event)
  // An incident the board has forgotten counts: building once too often is harmless, missing a fact is not.
  if (!(isPageFact(event) || endsReopened(board, event)) || onBoard(next, event.incident)?.isPrivate) return next
  return {...next, page: withFact(next.page, event)}
}

/**
 * A close says nothing in public: the page has shown the end since the resolve. But somebody who did not know of it may have
 * reopened what another machine closes; then it is the close that ends it, for the page too.
 */
function endsReopened({open}: Board, {kind, incident}: Recorded): boolean {
  return kind === 'incident.closed' && incident !== null && own(open, incident) !== undefined
}

function withFact(page: PageOnBoard, {origin, epoch, seq, hash}: Recorded): PageOnBoard {
  const counted = {...page, revision: page.revision + 1}
  if (seq === 0) return counted // in an emergency log still: it gets its place in a chain when it is taken in
  const stream = `${origin.slice(0, 8)}.${epoch}`
  return {...counted, heads: {...page.heads, [stream]: Math.max(seq, own(page.heads, stream) ?? 0)}, head: hash}
}

function apply(board: Board, event: Recorded): Board {
  const {incident} = event
  switch (event.kind) {
    case 'incident.opened':
      return openOnBoard(board, event)
    case 'incident.reopened':
      return reopenOnBoard(board, event)
    case 'incident.resolved':
      return withoutClock(endOnBoard(board, event, 'resolved'), incident)
    case 'incident.closed':
      return withoutClock(endOnBoard(board, event, 'closed'), incident)
    case 'incident.merged':
      return moveRods(withoutClock(endOnBoard(board, event, 'merged'), incident), incident, event.data.into)
    case 'incident.retitled':
      return withEntry(board, incident, entry => ({...entry, title: event.data.title, titledBy: event.id}))
    case 'severity.set':
      return withEntry(board, incident, entry => ({...entry, severity: event.data.severity}))
    case 'update.posted':
      return withSpoken(
        withEntry(board, incident, entry => withUpdate(entry, event.data, event.at)),
        event,
      )
    case 'update.amended':
      return withEntry(board, incident, entry => withAmended(entry, event.data))
    case 'rod.inserting':
    case 'rod.withdrawing':
    case 'rod.inserted':
    case 'rod.withdrawn':
    case 'rod.unverified':
    case 'rod.jammed':
    case 'rod.held':
    case 'rod.drifted':
    case 'rod.extended':
    case 'rod.reminded':
    case 'rod.tested': {
      const rod = evolveRod(own(board.rods, event.data.rod), event)
      return rod ? {...board, rods: {...board.rods, [event.data.rod]: rod}} : board
    }
    case 'entry.corrected':
      return correctOnBoard(board, event)
    case 'entry.redacted':
      // A scheduled text bears the name of its entry: hidden, it must not go out.
      return {...board, rods: withoutReason(board.rods, event.data.entry), timers: without(board.timers, event.data.entry)}
    case 'run.started':
      return withPolicy({...board, runs: {...board.runs, [event.data.run]: startedRun(event.data, event)}}, event)
    case 'run.parked':
      return withRun(board, event.data.run, run => parked(run, event.data))
    case 'run.resumed':
      return withRun(board, event.data.run, resumed)
    case 'decision.recorded':
      return event.data.of === 'approve' ? withRun(board, event.data.run, run => approved(run, event.data)) : board
    case 'run.finished':
      return withoutTimersOfRun({...board, runs: without(board.runs, event.data.run)}, event.data.run)
    case 'step.started':
      return withRun(board, event.data.run, run => ({...run, step: event.data.step.replace(/#\d+$/, ''), needs: run.state === 'running' ? null : run.needs}))
    case 'timer.set':
      return evolveTimers(asking(board, event.data), event)
    case 'timer.fired':
    case 'timer.cancelled':
      return evolveTimers(board, event)
    case 'page.published':
      return withTarget(board, event.data.target, {revision: event.data.revision, failed: null})
    case 'page.failed': {
      const {target, code, reason} = event.data
      return withTarget(board, target, {revision: own(board.page.targets, target)?.revision ?? 0, failed: {at: event.at, code, reason}})
    }
    case 'stream.stopped': {
      const {stream, epoch, seq, reason} = event.data
      return {...board, stopped: {...board.stopped, [`${stream}/${epoch}`]: {seq, reason, at: event.at}}}
    }
    case 'stream.resumed':
    case 'stream.skipped':
      return {...board, stopped: without(board.stopped, `${event.data.stream}/${event.data.epoch}`)}
    default:
      return board
  }
}

/** The newest update's promise stands; one without a promise clears it, and so does the end. */
function withUpdate(entry: OnBoard, {number, status, nextUpdateBy}: EventData['update.posted'], at: string): OnBoard {
  const stands = nextUpdateBy !== undefined && entry.phase === 'open' && status !== 'resolved'
  return {...entry, publicStatus: status, promise: stands ? {by: nextUpdateBy, update: number} : null, lastUpdateAt: at, lastUpdate: number}
}

function withAmended(entry: OnBoard, {number, nextUpdateBy}: EventData['update.amended']): OnBoard {
  const stands = nextUpdateBy !== undefined && entry.phase === 'open' && number === entry.lastUpdate
  return stands ? {...entry, promise: {by: nextUpdateBy, update: number}} : entry
}

/** The reason of a move stands on the board: hidden there, too, when its entry is. */
function withoutReason(rods: Board['rods'], entry: string): Board['rods'] {
  const hidden = Object.entries(rods).flatMap(([id, rod]) => (rod.intent === entry ? [[id, {...rod, why: REDACTED}] as const] : []))
  return hidden.length === 0 ? rods : {...rods, ...Object.fromEntries(hidden)}
}

function startedRun({run, runbook, title}: EventData['run.started'], {origin, incident, at}: Recorded): RunOnBoard {
  return {run, origin, incident, runbook, title, state: 'running', startedAt: at, step: null, reason: null, needs: null, approval: null}
}

function parked(run: RunOnBoard, {step, reason, needs, approval}: EventData['run.parked']): RunOnBoard {
  return {...run, state: 'parked', step: step ?? null, reason, needs, approval: approval ?? null}
}

/** Nobody drives it who would record that it waits for less now. */
function approved(run: RunOnBoard, {step, by}: EventData['decision.recorded']): RunOnBoard {
  if (!run.approval || run.step !== step || by === undefined) return run
  const approval = {...run.approval, by: [...new Set([...run.approval.by, by])]}
  const isEnough = isApproved(approval.by, approval)
  return {
    ...run,
    approval,
    ...(isEnough
      ? {reason: 'approved', needs: `to be resumed: ${approval.by.join(' and ')} approved ${step}`}
      : {needs: approvalNeeded(approval.by, approval)}),
  }
}

const AN_APPROVAL = 'an approval: scram approve'

/** Where it waited for an approval it asks for it once more, by the time set the first time. */
function resumed(run: RunOnBoard): RunOnBoard {
  const asks = run.reason === 'approve'
  return {...run, state: 'running', step: asks ? run.step : null, reason: null, needs: asks ? AN_APPROVAL : null, approval: null}
}

/** The step an approval is wanted for has not begun; whoever is to say yes looks at the board, and the driver may be far away. */
function asking(board: Board, {what, run: id, step}: EventData['timer.set']): Board {
  if (what !== 'approve' || id === undefined || step === undefined) return board
  return withRun(board, id, run => (run.state === 'running' ? {...run, step, needs: AN_APPROVAL} : run))
}

/** A run that was never started here, or has finished, does not come back by an older event. */
function withRun(board: Board, id: string, change: (run: RunOnBoard) => RunOnBoard): Board {
  const run = own(board.runs, id)
  return run ? {...board, runs: {...board.runs, [id]: change(run)}} : board
}

function withTarget(board: Board, target: string, shown: Board['page']['targets'][string]): Board {
  return {...board, page: {...board.page, targets: {...board.page.targets, [target]: shown}}}
}

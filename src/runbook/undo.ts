import {type Drive, decision, type Halt} from './drive.ts'
import type {Failing} from './fail-step.ts'
import type {Frame, Live} from './frames.ts'
import {attemptOf, UNDO} from './identity.ts'
import {interruptedAt} from './parking.ts'
import {liveAt} from './place.ts'
import type {NodeList, UndoScope} from './runbook.ts'
import {askWorld, settle} from './settle-unknown.ts'
import type {StateOf} from './step-state.ts'

/** `drive-step.ts`, which calls this for a failed step. */
type DriveStep = (drive: Drive, step: Live) => Promise<Halt | null>

/**
 * Takes back what was done, newest first: the finished steps of the scope that say how, and unknown ones unless the
 * world says that they did not happen. Each undo is a step of its own; one that fails stops the unwinding and asks.
 */
export async function unwind(drive: Drive, failed: Failing, seen: StateOf<'failed'>, driveStep: DriveStep): Promise<Halt | null> {
  const {ledger} = drive
  for (const instance of within(drive, failed, seen.undo ?? 'step')) {
    const step = liveAt(drive, instance)
    if (!step?.undo) continue
    const parked = await undoOne(drive, step, failed, driveStep)
    if (parked) return parked
  }
  const said = decision(drive, attemptOf(failed.instance, seen.attempt), 'failure', 'undone')
  await ledger.commit([said], {event: 'step.settled', step: failed.instance, title: seen.title || failed.name, detail: 'undone'})
  return null
}

async function undoOne(drive: Drive, step: Live, failed: Failing, driveStep: DriveStep): Promise<Halt | null> {
  const {ledger} = drive
  const seen = ledger.state().steps[step.instance]
  if (seen?.status === 'unknown') {
    const found = seen.resume === 'verify' ? await askWorld(drive, step, seen) : null
    if (found === 'interrupted') return interruptedAt(drive, step)
    if (found?.holds === false) {
      await settle(drive, step, seen, {by: 'verify', as: 'failed', evidence: found.evidence ?? 'it did not happen'})
      return null
    }
  }
  const isDone = seen?.status === 'finished' || seen?.status === 'unknown' || step.instance === failed.instance
  if (!isDone || step.undo === null || seen?.undoneFor) return null
  return driveStep(drive, undoOf(step, step.undo))
}

/** Coming out is the dangerous half: an undo that withdraws a rod asks, whatever `--yes` says. */
function undoOf(step: Live, undo: NonNullable<Live['undo']>): Live {
  const isWithdrawal = undo.kind === 'uses' && undo.uses === 'rod/withdraw'
  return {
    ...undo,
    instance: step.instance + UNDO,
    frame: step.frame,
    if: null,
    onFailure: 'ask',
    undo: null,
    confirm: isWithdrawal ? (undo.confirm ?? true) : undo.confirm,
    mustAsk: isWithdrawal,
  }
}

/** Newest first. The failed step itself only when it alone is meant: it may have done half of its work. */
function within({ledger}: Drive, failed: Failing, scope: UndoScope): readonly string[] {
  if (scope === 'step') return [failed.instance]
  const all = Object.entries(ledger.state().steps).filter(
    ([at, {status}]) => isMeant(failed.frame, scope, at) && (status === 'finished' || status === 'unknown'),
  )
  return all
    .map(([at]) => at)
    .filter(at => !at.endsWith(UNDO))
    .reverse()
}

/** A group without an id shares its prefix with the list around it: what counts is what its own list names. */
function isMeant({prefix, list}: Frame, scope: UndoScope, at: string): boolean {
  return scope === 'run' || (at.startsWith(prefix) && idsOf(list).includes(at.slice(prefix.length).split(/[/[]/, 1)[0] ?? ''))
}

function idsOf(list: NodeList): readonly string[] {
  return list.flatMap(node => ((node.kind === 'group' || node.kind === 'parallel') && !node.hasId ? idsOf(node.steps) : [node.id]))
}

import {afterFailure} from './after-failure.ts'
import {judged, skipByCondition} from './begin-step.ts'
import {type Drive, type Halt, isSettled} from './drive.ts'
import {driveCall} from './drive-call.ts'
import {driveLoop} from './drive-loop.ts'
import {driveParallel} from './drive-parallel.ts'
import {driveStep, isRedone} from './drive-step.ts'
import {BAD_INPUT, type FailingNode, failStep} from './fail-step.ts'
import {type Frame, insideGroup, live} from './frames.ts'
import {isBeforeStart, leaveOut, leaveOutBefore} from './left-out.ts'
import {interruptedAt} from './parking.ts'
import {isBeforeEffect} from './render-step.ts'
import type {Call, Group, Node, Parallel} from './runbook.ts'

/**
 * A list of steps, in order, from wherever their events end. What is settled is passed over, so a resume walks the whole
 * runbook again and stops at the first thing that is not.
 */
export async function driveList(drive: Drive, frame: Frame): Promise<Halt | null> {
  let isJumpedOver: string | null = null
  for (const node of frame.list) {
    if (isJumpedOver !== null && node.id !== isJumpedOver) {
      leaveOut(drive, frame, node, 'goto')
      continue
    }
    isJumpedOver = null
    if (isBeforeStart(drive, frame, node)) {
      leaveOut(drive, frame, node, 'from')
      continue
    }
    const parked = await driveNode(drive, frame, node)
    if (parked) return parked
    isJumpedOver = gotoAfter(drive, frame, node)
  }
  return null
}

async function driveNode(drive: Drive, frame: Frame, node: Node): Promise<Halt | null> {
  if (node.kind !== 'group' && node.kind !== 'parallel' && node.kind !== 'call') {
    if (isSettled(drive.ledger.state(), frame.prefix + node.id)) return null
    const step = live(frame, node)
    return (await drive.ports.between()) ? driveStep(drive, step) : interruptedAt(drive, step)
  }
  const standing: FailingNode = {kind: node.kind, instance: frame.prefix + node.id, name: node.name, frame, onFailure: 'ask', undo: null}
  for (;;) {
    const seen = drive.ledger.state().steps[standing.instance]
    if (isSettled(drive.ledger.state(), standing.instance)) return null
    if (seen?.status === 'failed') {
      const parked = await afterFailure(drive, standing, seen)
      if (parked) return parked
      if (isRedone(seen, drive.ledger.state().steps[standing.instance])) return 'rewind'
      continue
    }
    try {
      const {holds, draft} = await judged(drive, standing, node.if)
      if (!holds) return skipByCondition(drive, standing, draft ? [draft] : [])
      if (draft) await drive.ledger.commit([draft])
      return await driveInside(drive, frame, node, standing)
    } catch (error) {
      if (!isBeforeEffect(error)) throw error
      await failStep(drive, standing, {attempt: (seen?.attempt ?? 0) + 1, code: BAD_INPUT, message: error.message, ms: 0, title: node.name})
    }
  }
}

function driveInside(drive: Drive, frame: Frame, node: Group | Parallel | Call, standing: FailingNode): Promise<Halt | null> {
  if (node.kind === 'parallel') {
    const inside = insideGroup(frame, node)
    leaveOutBefore(drive, inside, node)
    return driveParallel(drive, inside, node)
  }
  if (node.kind === 'call') return driveCall(drive, frame, node, standing, driveList)
  return node.forEach ? driveLoop(drive, frame, node, node.forEach, driveList) : driveList(drive, insideGroup(frame, node))
}

/** Later in the same list, where a handled failure goes on. */
function gotoAfter({ledger}: Drive, frame: Frame, node: Node): string | null {
  const seen = ledger.state().steps[frame.prefix + node.id]
  return seen?.status === 'failed' ? seen.goto : null
}

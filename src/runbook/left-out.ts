import type {Draft} from '../incident/events.ts'
import type {Drive} from './drive.ts'
import {type Frame, insideGroup} from './frames.ts'
import type {Node, Parallel} from './runbook.ts'

/** `--from`: everything before it that has not been touched is left out, and said to be; never taken for done. */
export function isBeforeStart({ledger}: Drive, frame: Frame, node: Node): boolean {
  const {from, steps} = ledger.state()
  if (from === null || Object.keys(steps).some(at => isAtOrIn(from, at))) return false
  return isBefore(from, frame, node)
}

function isBefore(from: string, frame: Frame, node: Node): boolean {
  if ((node.kind === 'group' || node.kind === 'parallel') && !node.hasId) {
    // It has no identity of its own: it comes before when all of its steps do.
    const inside = insideGroup(frame, node)
    return node.steps.every(inner => isBefore(from, inside, inner))
  }
  const at = frame.prefix + node.id
  return !isAtOrIn(from, at) && !isOnTheWay(at, from)
}

/** Steps of a parallel begin together; those written before the start are left out all the same. */
export function leaveOutBefore(drive: Drive, inside: Frame, {steps}: Parallel): void {
  for (const step of steps) {
    if (!isBeforeStart(drive, inside, step)) return
    leaveOut(drive, inside, step, 'from')
  }
}

/** What was not begun is skipped; what has begun keeps what became of it. */
export function leaveOut(drive: Drive, frame: Frame, node: Node, reason: 'goto' | 'from'): void {
  const {ledger} = drive
  const state = ledger.state()
  if ((node.kind === 'group' || node.kind === 'parallel') && !node.hasId) {
    // It has no identity of its own to be skipped under.
    for (const inner of node.steps) leaveOut(drive, insideGroup(frame, node), inner, reason)
    return
  }
  const instance = frame.prefix + node.id
  if (state.steps[instance] !== undefined) return
  const skipped: Draft = {kind: 'step.skipped', data: {run: state.run, step: instance, reason}}
  ledger.stage([skipped], {event: 'step.skipped', step: instance, title: node.name, detail: reason})
}

/** `patch/push` means `patch[canary]/push` too: whichever round comes first. */
function isAtOrIn(from: string, at: string): boolean {
  const parts = at.split('/')
  return from.split('/').every((part, i) => isPart(part, parts[i]))
}

/** A group, round or call through which the start is reached. */
export function isOnTheWay(at: string, from: string): boolean {
  const parts = from.split('/')
  return at.split('/').every((part, i) => isPart(part, parts[i]) || (parts[i] !== undefined && isPart(parts[i], part)))
}

function isPart(wanted: string, part: string | undefined): boolean {
  return part !== undefined && (wanted === part || wanted === part.replace(/\[.*/, ''))
}

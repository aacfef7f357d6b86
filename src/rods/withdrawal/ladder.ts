import type {Position} from '../../incident/events.ts'
import {positionForm, positionNumber, toPosition} from '../position.ts'

/**
 * The positions a withdrawal passes, fully in first, `withdrawn` last. It is asked with where the rod stands now, which may
 * be a position between two rungs (33 % of a rod with steps of 25), and remembers nothing: a withdrawal that was cut off
 * goes on from what the control side reads.
 */
export interface Ladder {
  readonly rungs: readonly Position[]
  readonly fullyIn: Position
  /** The next rung out, at most as far as `to`; null at `to`, and for a rod that stands further out. */
  out(at: Position, to: Position): Position | null
  /** The rung one step more inserted than `failed`; fully in has none, and is its own. */
  in(failed: Position): Position
  /** Whether `a` reduces more than `b`. */
  isMoreReduced(a: Position, b: Position): boolean
  /** False for what is no position of this rod, `unknown` for one. */
  knows(position: string): boolean
}

/** `positions` as the rod has them, least to most reduced; `steps`, checked by `stepIssues`, instead of all of them. */
export function makeLadder(positions: readonly Position[], steps: readonly Position[] = positions.slice(1, -1).toReversed()): Ladder {
  const fullyIn = positions.at(-1) ?? 'withdrawn'
  const rungs = [fullyIn, ...steps.filter(step => step !== fullyIn && step !== 'withdrawn'), 'withdrawn']
  const reduction = (position: Position) => reductionOf(position, positions)
  return {
    rungs,
    fullyIn,
    out(at, to) {
      if (reduction(at) <= reduction(to)) return null
      const next = rungs.find(rung => reduction(rung) < reduction(at)) ?? to
      return reduction(next) < reduction(to) ? to : next
    },
    in: failed => rungs.findLast(rung => reduction(rung) > reduction(failed)) ?? fullyIn,
    isMoreReduced: (a, b) => reduction(a) > reduction(b),
    knows: position => toPosition(position, positions) === position,
  }
}

interface StepIssue {
  readonly index: number
  readonly message: string
}

/** What is wrong with `withdraw.steps` as written: no position of this rod, or not on the way from fully in to withdrawn. */
export function stepIssues(steps: readonly (string | number)[], positions: readonly Position[]): readonly StepIssue[] {
  const issues: StepIssue[] = []
  let before: Position | null = null
  for (const [index, written] of steps.entries()) {
    const step = toPosition(String(written), positions)
    if (step === null) {
      issues.push({index, message: `${JSON.stringify(written)} is no position of this rod; it has ${positions.join(', ')}`})
      continue
    }
    if (before !== null && reductionOf(step, positions) >= reductionOf(before, positions)) {
      issues.push({index, message: `${step} does not follow ${before}: steps are written from more to less reduced, ending with withdrawn`})
    }
    before = step
  }
  return issues
}

/** In the canonical form, once `stepIssues` found none. */
export function stepsAsPositions(steps: readonly (string | number)[], positions: readonly Position[]): readonly Position[] {
  return steps.flatMap(step => toPosition(String(step), positions) ?? [])
}

/** A number that grows with what users lose: only its order means something. */
function reductionOf(position: Position, positions: readonly Position[]): number {
  const form = positionForm(positions)
  if (form === 'named') return positions.indexOf(position)
  if (position === 'withdrawn') return form === 'percent' ? 0 : Number.NEGATIVE_INFINITY
  const number = positionNumber(position, form) ?? 0
  return form === 'percent' ? number : -number
}

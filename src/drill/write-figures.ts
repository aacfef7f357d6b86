import type {WriteStats} from './write-path.ts'

/** What customers met and where it piles up. The first five are counts, the last three are as of now. */
export interface WriteFigures {
  readonly served: number
  /** 503s of a rod; each comes again after `Retry-After`. */
  readonly refused: number
  /** No answer within 2 s; each comes again at once. More than a few of them are a second incident. */
  readonly timeouts: number
  readonly failed: number
  /** Turned away because 600 customers were under way. */
  readonly dropped: number
  /** Customers under way. */
  readonly waiting: number
  /** Jobs of the manager. */
  readonly queue: number
  /** Share of its work, since it began, that was done for somebody who had left; 0…1. */
  readonly wasted: number
}

export function writeFigures({manager, load}: WriteStats): WriteFigures {
  const {served, refused, timeouts, failed, dropped, waiting} = load.customers
  const worked = manager.snapshots + manager.writes
  return {served, refused, timeouts, failed, dropped, waiting, queue: manager.q, wasted: worked === 0 ? 0 : manager.wasted / worked}
}

/** The counts since `before`, and the rest as it is now. */
export function since(before: WriteFigures, now: WriteFigures): WriteFigures {
  return {
    ...now,
    served: now.served - before.served,
    refused: now.refused - before.refused,
    timeouts: now.timeouts - before.timeouts,
    failed: now.failed - before.failed,
    dropped: now.dropped - before.dropped,
  }
}

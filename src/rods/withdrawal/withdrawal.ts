import type {Reach} from '../rod.ts'
import type {Guard, Release} from './guard.ts'
import type {Ladder} from './ladder.ts'

/** How a rod comes out: the positions it passes, and what has to agree before each. */
export interface Withdrawal {
  readonly ladder: Ladder
  /**
   * Null for a rod without a guard. It has no steps of its own either: steps by the clock alone were measured as a second
   * incident (blind 75/50/25/0 at 80 % load: 865 timeouts), so `withdraw.steps` without a guard is refused. A person may
   * take such a rod out one rung at a time, each with a word of their own, or at once.
   */
  readonly guarded: GuardedWithdrawal | null
  /** `withdraw.via`: the rod to hand over to first. */
  readonly via: string | null
  /** Hosts and commands that guard and `release_when` ask. */
  readonly reaches: readonly Reach[]
}

export interface GuardedWithdrawal {
  readonly ladder: Ladder
  readonly guard: Guard
  /** Null: the last step needs the guard alone. */
  readonly release: Release | null
  /** How long the guard must be good before each step. */
  readonly dwellMs: number
  readonly maxStepBacks: number
}

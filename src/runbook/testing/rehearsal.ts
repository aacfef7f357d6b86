import type {Draft, Recorded} from '../../incident/events.ts'
import type {Clock} from '../../lib/clock.ts'
import type {ActionCall, RunPorts} from '../ports.ts'

/** The ports of a run over a record in memory. What only records is real: decided, framed and folded as ever. */
export type RecordPorts = Pick<RunPorts, 'actions' | 'append' | 'record' | 'state' | 'events'>

export interface RodMove {
  readonly rod: string
  readonly inserts: boolean
  readonly to: string
  readonly why: string
}

/** A record in memory that one run after another process of it writes: it outlives them all. */
export interface Rehearsal {
  /** A process more, under a lease of its own: what an earlier one still tries to append is refused. */
  process(): Promise<RecordPorts>
  /** The rods an action moves; none for all but rods and banks. */
  movesOf(call: Pick<ActionCall, 'uses' | 'with'>): Promise<readonly RodMove[]>
  /** The facts an action records around a move, whoever holds the run's lease. */
  intendRod(move: RodMove): Promise<void>
  /** Closes the open intent of that rod, if there is one. `code`: how it failed. */
  settleRod(move: RodMove, failed: {readonly code: string; readonly message: string} | null): Promise<void>
  /** What somebody else says, at another terminal. */
  say(drafts: readonly Draft[]): Promise<void>
  /** Everything that was recorded. */
  events(): Promise<readonly Recorded[]>
}

export type OpenRehearsal = (clock: Clock, run: string) => Promise<Rehearsal>

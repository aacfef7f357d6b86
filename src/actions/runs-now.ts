import type {Board, RunOnBoard} from '../incident/board-state.ts'
import {boardProjection} from '../incident/projections.ts'
import type {Journal, Trouble} from '../journal/journal.ts'

/** A run that is not finished; `stopped`: its driver died in the middle, nobody drives it, and `needs` says so. */
export type RunNow = Omit<RunOnBoard, 'state'> & {
  readonly state: RunOnBoard['state'] | 'stopped'
  /** Another machine began it, and only that one drives it. */
  readonly isElsewhere: boolean
}

const FAILING: ReadonlySet<Trouble['code']> = new Set(['emergency', 'read-only', 'corrupt'])
const NOBODY = 'nobody drives it'

/**
 * The runs of the board as they stand: the record says that one was begun, its lease says whether somebody is still at it.
 * Only reads. Of a run that another machine drives, or while the lease cannot be kept for a failing disk, what the record says
 * has to do.
 */
export async function runsNow(journal: Journal, board: Board): Promise<readonly RunNow[]> {
  const all = withPlace(journal, board)
  const running = all.filter(({state, isElsewhere}) => state === 'running' && !isElsewhere)
  if (running.length === 0 || journal.trouble().some(({code}) => FAILING.has(code))) return all
  const free = await Promise.all(running.map(async ({run}) => ((await isDriven(journal, run)) ? [] : [run])))
  const undriven = new Set(free.flat())
  if (undriven.size === 0) return all
  // Parked or finished between the two looks, its lease is let go: that is no driver who died.
  const again = withPlace(journal, await journal.fold(boardProjection))
  return again.map(run => (run.state === 'running' && undriven.has(run.run) ? {...run, state: 'stopped' as const, needs: NOBODY} : run))
}

function withPlace({origin}: Journal, {runs}: Board): readonly RunNow[] {
  return Object.values(runs).map(run => ({...run, isElsewhere: run.origin !== origin}))
}

/** Whether a living process holds the lease of this run. Only reads. */
export async function isDriven(journal: Journal, run: string): Promise<boolean> {
  return (await journal.leaseHolder(`run/${run}`)) !== null
}

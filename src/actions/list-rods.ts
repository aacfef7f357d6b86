import type {RodState} from '../incident/board-state.ts'
import {boardProjection} from '../incident/projections.ts'
import {Fault} from '../lib/fault.ts'
import type {Rod} from '../rods/rod.ts'
import type {Desk} from './desk.ts'

/** A rod as defined and as recorded: `rod` is null when the workspace no longer has it, `problem` when it does not check. */
export interface ListedRod {
  readonly id: string
  readonly rod: Rod | null
  readonly state: RodState | null
  readonly problem: string | null
}

/** Every rod of the workspace, and those the record says moved and the workspace no longer has. Asks nobody outside. */
export async function listRods(desk: Desk): Promise<{readonly rods: readonly ListedRod[]; readonly now: number}> {
  const shelf = await desk.rods()
  const board = await (await desk.journal()).fold(boardProjection)
  desk.notice(board)
  const ids = [...new Set([...shelf.ids(), ...Object.keys(board.rods)])]
  const rods = await Promise.all(
    ids.map(async id => {
      const found = await shelf.get(id).catch(onlyFault)
      // That the record knows a rod and the workspace does not is no flaw of the file.
      const problem = found instanceof Fault && found.code !== 'rod.not-found' ? found.message : null
      return {id, rod: found instanceof Fault ? null : found, state: board.rods[id] ?? null, problem}
    }),
  )
  return {rods, now: desk.clock.now()}
}

/** One rod: defined here, or known to the record. @throws Fault rod.not-found · config.invalid */
export async function showRod(desk: Desk, id: string): Promise<ListedRod & {readonly now: number}> {
  const rod = await (await desk.rods()).get(id)
  const board = await (await desk.journal()).fold(boardProjection)
  desk.notice(board)
  return {id, rod, state: board.rods[id] ?? null, problem: null, now: desk.clock.now()}
}

function onlyFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  throw error
}

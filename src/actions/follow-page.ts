import type {Board} from '../incident/board-state.ts'
import {Fault} from '../lib/fault.ts'
import type {Desk} from './desk.ts'

/**
 * The page follows the journal: after anything was recorded, publishes what the targets do not show yet, this command's
 * facts or an earlier one's. Costs nothing when nothing is behind. Never throws for a target that fails or a workspace that
 * does not check: the record stands, the answer says in words what did not get out (exit 3), and the next command tries
 * again. `isBehind` is for who knows better than the board, which takes every machine's word for what a target shows.
 */
export async function followPage(desk: Desk, board: Board, isBehind = isPageBehind(board)): Promise<readonly string[]> {
  if (!isBehind) return []
  const {publishPage, undeliveredLines} = await import('./publish-page.ts')
  try {
    return undeliveredLines(await publishPage(desk))
  } catch (error) {
    // A broken scram.yaml, a busy journal: the record stands, and who is told only of the other would type it again.
    if (!(error instanceof Fault) || error.code === 'interrupted') throw error
    return [`Recorded. The page was not built (${error.message}); \`scram outbox retry\` builds it.`]
  }
}

/** True when a public fact exists that some target known to the record does not show. */
export function isPageBehind({page}: Board): boolean {
  if (page.revision === 0) return false
  const targets = Object.values(page.targets)
  return targets.length === 0 || targets.some(({revision}) => revision < page.revision)
}

import type {Board} from '../incident/board-state.ts'
import type {Desk} from './desk.ts'

/**
 * The page follows the journal: after anything was recorded, publishes what the targets do not show yet, this command's
 * facts or an earlier one's. Costs nothing when nothing is behind. Never throws for a target that fails: the record
 * stands, the answer says in words what did not get out (exit 3), and the next command tries again.
 */
export async function followPage(desk: Desk, board: Board): Promise<readonly string[]> {
  if (!isPageBehind(board)) return []
  const {publishPage, undeliveredLines} = await import('./publish-page.ts')
  return undeliveredLines(await publishPage(desk))
}

/** True when a public fact exists that some target known to the record does not show. */
export function isPageBehind({page}: Board): boolean {
  if (page.revision === 0) return false
  const targets = Object.values(page.targets)
  return targets.length === 0 || targets.some(({revision}) => revision < page.revision)
}

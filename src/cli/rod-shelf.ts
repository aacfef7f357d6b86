import type {RodShelf} from '../actions/desk.ts'
import type {OpenedWorkspace} from '../config/opened-workspace.ts'
import {openRod} from '../rods/open-rod.ts'

/**
 * The rods of a workspace, opened one by one. A rod with keys that this version reads but does not act upon still moves,
 * because an outage does not wait for a version; the person is told once, since such a key may be what made it safe.
 */
export function rodShelf({rods, secret, workspace}: OpenedWorkspace, narrate: (line: string) => void): RodShelf {
  const told = new Set<string>()
  return {
    ids: () => rods.ids(),
    async get(id) {
      const {notActedUpon, ...section} = rods.definition(id)
      if (notActedUpon.length > 0 && !told.has(id)) {
        told.add(id)
        narrate(`rod ${id}: this version does not act upon ${notActedUpon.map(key => `\`${key}\``).join(', ')}; it moves at once and unguarded`)
      }
      return openRod(id, section, {folder: workspace.folder ?? '.', secret, invalid: issues => rods.invalid(id, issues)})
    },
  }
}

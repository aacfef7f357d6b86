import type {RodShelf} from '../actions/desk.ts'
import type {OpenedWorkspace} from '../config/opened-workspace.ts'
import {openRod} from '../rods/open-rod.ts'

/** The rods of a workspace, opened one by one: none needs another one to be right. */
export function rodShelf({rods, secret, workspace}: OpenedWorkspace): RodShelf {
  return {
    ids: () => rods.ids(),
    get: async id => openRod(id, rods.definition(id), {folder: workspace.folder ?? '.', secret, invalid: issues => rods.invalid(id, issues)}),
  }
}

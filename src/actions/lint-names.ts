import {Fault} from '../lib/fault.ts'
import type {LintContext} from '../runbook/lint.ts'
import type {Desk} from './desk.ts'

/** The names a runbook may use here, and which rods do not check; null without a workspace: then any name is taken. */
export async function lintNames(desk: Desk): Promise<LintContext['names']> {
  const {folder, components, banks = [], cadenceMs} = await desk.workspace()
  if (folder === null) return null
  const shelf = await desk.rods()
  const guarded: string[] = []
  const broken: Record<string, string> = {}
  for (const id of shelf.ids()) {
    try {
      if ((await shelf.get(id)).isGuarded) guarded.push(id)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      broken[id] = error.message
    }
  }
  return {
    rods: shelf.ids(),
    components: components.map(({id}) => id),
    guarded,
    broken,
    banks: banks.map(({id}) => id),
    cadenceMs: Object.fromEntries(Object.entries(cadenceMs).map(([severity, ms]) => [severity.toLowerCase(), ms])),
  }
}

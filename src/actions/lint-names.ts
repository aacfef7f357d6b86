import type {LintContext} from '../runbook/lint.ts'
import type {Desk} from './desk.ts'

/** The names a runbook may use here; null without a workspace: then any name is taken. */
export async function lintNames(desk: Desk): Promise<LintContext['names']> {
  const {folder, components} = await desk.workspace()
  if (folder === null) return null
  return {rods: (await desk.rods()).ids(), components: components.map(({id}) => id), guarded: []}
}

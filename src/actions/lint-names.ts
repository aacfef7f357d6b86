import {Fault} from '../lib/fault.ts'
import {everyUse} from '../runbook/lint/walk.ts'
import type {LintContext} from '../runbook/lint.ts'
import type {Opened} from '../runbook/load.ts'
import type {Desk} from './desk.ts'

/**
 * The names that these runbooks, and those they call, may use here, and which of the rods they name do not check: no other
 * rod is opened. Null without a workspace: then any name is taken.
 */
export async function lintNames(desk: Desk, runbooks: readonly Opened[]): Promise<LintContext['names']> {
  const {folder, components, banks = [], cadenceMs} = await desk.workspace()
  if (folder === null) return null
  const shelf = await desk.rods()
  const ids = shelf.ids()
  const named = rodsIn(runbooks)
  const guarded: string[] = []
  const broken: Record<string, string> = {}
  for (const id of ids.filter(each => named.has(each))) {
    try {
      if ((await shelf.get(id)).isGuarded) guarded.push(id)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      broken[id] = error.message
    }
  }
  return {
    rods: ids,
    components: components.map(({id}) => id),
    guarded,
    broken,
    banks: banks.map(({id}) => id),
    cadenceMs: Object.fromEntries(Object.entries(cadenceMs).map(([severity, ms]) => [severity.toLowerCase(), ms])),
  }
}

function rodsIn(runbooks: readonly Opened[]): ReadonlySet<unknown> {
  const all = runbooks.flatMap(({runbook, called}) => [runbook, ...Object.values(called).map(one => one.runbook)])
  return new Set(all.flatMap(runbook => [...everyUse(runbook)].map(use => use.with['rod'])))
}

import {boardProjection} from '../incident/projections.ts'
import type {Desk, TargetDefinition} from './desk.ts'

/** One place the page goes to: what it shows against what the record holds. */
export interface Delivery {
  readonly id: string
  /** Null: the record knows this target, the workspace has it no more; nothing is sent there. */
  readonly target: TargetDefinition | null
  /** The revision last read back there, 0 before the first. */
  readonly shown: number
  readonly revision: number
  readonly behind: number
  readonly failed: {readonly at: string; readonly code: string; readonly reason: string} | null
}

/** What did not get out, from the record alone: no target is asked. */
export async function listOutbox(desk: Desk): Promise<{readonly deliveries: readonly Delivery[]; readonly now: number}> {
  const {targets} = await desk.workspace()
  const {page, ...board} = await (await desk.journal()).fold(boardProjection)
  desk.notice({page, ...board})
  const ids = [...new Set([...targets.map(({id}) => id), ...Object.keys(page.targets)])]
  const deliveries = ids.map(id => {
    const known = page.targets[id]
    const target = targets.find(each => each.id === id) ?? null
    const shown = known?.revision ?? 0
    return {id, target, shown, revision: page.revision, behind: target ? Math.max(0, page.revision - shown) : 0, failed: known?.failed ?? null}
  })
  return {deliveries, now: desk.clock.now()}
}

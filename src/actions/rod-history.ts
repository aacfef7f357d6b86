import type {Opaque, Recorded, RodEvent} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import {Fault} from '../lib/fault.ts'
import type {Desk} from './desk.ts'

export interface RodHistory {
  readonly rod: string
  /** Oldest first, over all incidents. */
  readonly events: readonly Recorded<RodEvent>[]
  readonly now: number
}

const ROD_KINDS = [
  'rod.inserting', 'rod.withdrawing', 'rod.inserted', 'rod.withdrawn', 'rod.unverified', 'rod.jammed', 'rod.held', 'rod.drifted', 'rod.extended',
  'rod.reminded', 'rod.tested',
] as const satisfies readonly RodEvent['kind'][] // biome-ignore format: a list

/** Everything recorded of one rod, also of one that the workspace no longer has. @throws Fault rod.not-found: neither knows it */
export async function rodHistory(desk: Desk, rod: string): Promise<RodHistory> {
  const journal = await desk.journal()
  desk.notice(await journal.fold(boardProjection))
  const events = (await journal.events({kinds: ROD_KINDS})).filter((event): event is Recorded<RodEvent> => isOf(event, rod))
  if (events.length === 0 && !(await desk.rods()).ids().includes(rod)) {
    throw new Fault('rod.not-found', `neither the record nor the workspace knows a rod ${JSON.stringify(rod.slice(0, 60))}`, {hints: ['scram rod list']})
  }
  return {rod, events, now: desk.clock.now()}
}

function isOf(event: Recorded | Opaque, rod: string): boolean {
  return !('opaque' in event) && (ROD_KINDS as readonly string[]).includes(event.kind) && (event as Recorded<RodEvent>).data.rod === rod
}

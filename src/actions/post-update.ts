import {LONGEST_AHEAD_MS} from '../incident/decide-timer.ts'
import type {OtherPromise} from '../incident/events.ts'
import type {ComponentStatus, PublicStatus} from '../incident/words.ts'
import {defined} from '../lib/defined.ts'
import {Fault} from '../lib/fault.ts'
import type {Desk, Done} from './desk.ts'
import {knownComponents} from './known-components.ts'
import {recordIntention, type Writing} from './record-intention.ts'

export interface PostUpdate extends Writing {
  readonly text: string
  readonly status?: PublicStatus | undefined
  readonly next?: number | undefined
  readonly components?: Readonly<Record<string, ComponentStatus>> | undefined
  readonly promises?: readonly OtherPromise[] | undefined
  /** ms from now: it goes out then. A time in `at` that lies ahead says the same. */
  readonly in?: number | undefined
}

/**
 * Posts a public update with a snapshot of all components and the promise of the next one, and lets the page follow.
 * @throws Fault incident.not-found · component.not-found · text.empty · text.invalid · guard.refused
 */
export async function postUpdate(desk: Desk, {at, id, in: inMs, ...input}: PostUpdate): Promise<Done> {
  const dueMs = await dueOf(desk, at, inMs)
  if (dueMs !== null) {
    const {promises: _, ...said} = input
    return (await import('./schedule-update.ts')).scheduleUpdate(desk, {...said, dueMs, id})
  }
  const components = await knownComponents(desk, input.components)
  return recordIntention(desk, {intend: 'update', ...defined({...input, components})}, {at, id})
}

/** When the text is to go out, epoch ms; null: now, or it went out in the past already. */
async function dueOf(desk: Desk, at: string | undefined, inMs: number | undefined): Promise<number | null> {
  const now = desk.clock.now()
  if (inMs !== undefined) {
    if (at !== undefined) throw new Fault('usage.invalid', '--in and --at both say when; give one of them')
    if (inMs <= 0) throw new Fault('usage.invalid', '--in wants more than 0: an update without it is posted now')
    return now + inMs
  }
  if (at === undefined) return null
  const {parseNearInstant} = await import('../lib/times.ts')
  const {epochMs} = await parseNearInstant(at, {now, aheadMs: LONGEST_AHEAD_MS})
  return epochMs > now ? epochMs : null
}

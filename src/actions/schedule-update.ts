import {LONGEST_AHEAD_MS} from '../incident/decide-timer.ts'
import {boardProjection} from '../incident/projections.ts'
import type {TimerOnBoard} from '../incident/timers-on-board.ts'
import type {ComponentStatus, PublicStatus} from '../incident/words.ts'
import {iso} from '../lib/clock.ts'
import {defined} from '../lib/defined.ts'
import {Fault} from '../lib/fault.ts'
import {shortEntry} from '../lib/ids.ts'
import {safeLine} from '../lib/text.ts'
import type {Desk, Done} from './desk.ts'
import {knownComponents} from './known-components.ts'
import {recordIntention} from './record-intention.ts'
import {workspaceMark} from './workspace-mark.ts'

export {LONGEST_AHEAD_MS}

export interface ScheduleUpdate {
  readonly text: string
  readonly status?: PublicStatus | undefined
  readonly next?: number | undefined
  readonly components?: Readonly<Record<string, ComponentStatus>> | undefined
  /** When it goes out, epoch ms. */
  readonly dueMs: number
  /** UUID that makes repeating the call harmless; the scheduled update bears it. */
  readonly id?: string | undefined
}

/**
 * Records a public text that goes out later, by whichever scram is alive then: a command that records, a run, `watch`. More
 * than five minutes late it is held for a person instead. Repeating it with the same `id` adds nothing.
 * @throws Fault as `postUpdate`; guard.refused after the end of the incident
 */
export async function scheduleUpdate(desk: Desk, {dueMs, id, ...said}: ScheduleUpdate): Promise<Done> {
  const components = await knownComponents(desk, said.components)
  const timer = id ?? desk.ids.uuid(desk.clock.now())
  const workspace = await workspaceMark(desk)
  return recordIntention(desk, {intend: 'schedule-update', timer, due: iso(dueMs), workspace, ...defined({...said, components})}, {id: timer})
}

/** Takes a scheduled text back before it goes out, or once it was held. @throws Fault entry.not-found · usage.ambiguous */
export async function cancelScheduled(desk: Desk, part: string): Promise<Done> {
  const {timer, incident} = await findScheduled(desk, part)
  return recordIntention(desk, {intend: 'cancel-update', timer}, {}, {...(incident !== null && {incident})})
}

/** Posts a scheduled text now, early or late, because a person says so. @throws Fault entry.not-found · guard.refused */
export async function postScheduled(desk: Desk, part: string): Promise<Done> {
  const {timer, incident} = await findScheduled(desk, part)
  return recordIntention(desk, {intend: 'post-scheduled', timer, isAsked: true}, {}, {...(incident !== null && {incident})})
}

async function findScheduled(desk: Desk, part: string): Promise<TimerOnBoard> {
  const {timers, ...board} = await (await desk.journal()).fold(boardProjection)
  desk.notice({timers, ...board})
  const scheduled = Object.values(timers).filter(({what}) => what === 'update')
  const wanted = part.trim().toLowerCase()
  const found = wanted === '' ? [] : scheduled.filter(({timer}) => timer.includes(wanted))
  const [only, another] = found
  if (only && !another) return only
  const hints = (another ? found : scheduled)
    .slice(0, 8)
    .map(({timer, due, update}) => `${shortEntry(timer)}  ${due}  ${safeLine(update?.text ?? '').slice(0, 60)}`)
  if (another) throw new Fault('usage.ambiguous', `"${part}" matches ${found.length} scheduled updates; type more of the id`, {hints})
  throw new Fault('entry.not-found', `no scheduled update matches "${part}"${scheduled.length === 0 ? '; none waits' : ''}`, {hints})
}

import type {OtherPromise} from '../incident/events.ts'
import type {ComponentStatus, PublicStatus} from '../incident/words.ts'
import {defined} from '../lib/defined.ts'
import type {Desk, Done} from './desk.ts'
import {knownComponents} from './known-components.ts'
import {recordIntention, type Writing} from './record-intention.ts'

export interface PostUpdate extends Writing {
  readonly text: string
  readonly status?: PublicStatus | undefined
  readonly next?: number | undefined
  readonly components?: Readonly<Record<string, ComponentStatus>> | undefined
  readonly promises?: readonly OtherPromise[] | undefined
}

/**
 * Posts a public update with a snapshot of all components and the promise of the next one, and lets the page follow.
 * @throws Fault incident.not-found · component.not-found · text.empty · text.invalid · guard.refused
 */
export async function postUpdate(desk: Desk, {at, id, ...input}: PostUpdate): Promise<Done> {
  const components = await knownComponents(desk, input.components)
  return recordIntention(desk, {intend: 'update', ...defined({...input, components})}, {at, id})
}

import type {ComponentStatus, PublicImpact, Severity} from '../incident/words.ts'
import {defined} from '../lib/defined.ts'
import type {Desk, Done} from './desk.ts'
import {knownComponents} from './known-components.ts'
import {recordIntention, type Writing} from './record-intention.ts'

export interface OpenIncident extends Writing {
  readonly title: string
  readonly severity?: Severity | undefined
  readonly impact?: PublicImpact | undefined
  readonly components?: Readonly<Record<string, ComponentStatus>> | undefined
  readonly private?: boolean | undefined
  readonly drill?: boolean | undefined
  /** First public text. */
  readonly text?: string | undefined
  /** When the next update is promised, ms from now. */
  readonly next?: number | undefined
  /** Rods that went in before there was an incident, and belong to this one. */
  readonly adopt?: readonly string[] | undefined
}

/**
 * Opens an incident and answers with what was recorded; with `text` it is public at once. A back-dated `at` moves the
 * opening, never the record. Severity defaults to SEV3: nobody should have to think about it to begin.
 * @throws Fault component.not-found · text.empty · text.invalid · time.invalid · guard.refused
 */
export async function openIncident(desk: Desk, {at, id, severity = 'SEV3', ...input}: OpenIncident): Promise<Done> {
  const components = await knownComponents(desk, input.components)
  const act = {intend: 'open', severity, actor: desk.actor.name, ...defined({...input, components})} as const
  return recordIntention(desk, act, {at, id}, {incident: desk.ids.incident(desk.clock.now())})
}

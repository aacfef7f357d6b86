import type {LeftIn} from '../incident/events.ts'
import type {ComponentStatus} from '../incident/words.ts'
import {defined} from '../lib/defined.ts'
import {Fault} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'
import {checkExpiry} from './check-expiry.ts'
import type {Desk, Done} from './desk.ts'
import {knownComponents} from './known-components.ts'
import {recordIntention, type Writing} from './record-intention.ts'

/** Rods that stay in on purpose: they need a new expiry and a reason. */
export interface Leaving {
  readonly leaveIn?: readonly string[] | undefined
  /** ms from now. */
  readonly expires?: number | undefined
  readonly why?: string | undefined
}

export interface ResolveIncident extends Writing, Leaving {
  readonly text?: string | undefined
  readonly components?: Readonly<Record<string, ComponentStatus>> | undefined
}

/**
 * Resolves: impaired components become operational, the last public text goes out, the promise ends. Refused while a rod
 * of this incident is not known to be withdrawn, unless it is left in by name.
 * @throws Fault guard.refused · incident.not-found · usage.missing · text.invalid
 */
export async function resolveIncident(desk: Desk, {at, id, text, ...input}: ResolveIncident): Promise<Done> {
  const components = await knownComponents(desk, input.components)
  return recordIntention(desk, {intend: 'resolve', ...defined({text, components, leaveIn: leftIn(desk, input)})}, {at, id})
}

/** Closes after the resolve: nothing is expected any more. */
export async function closeIncident(desk: Desk, {at, id, ...input}: Writing & Leaving): Promise<Done> {
  return recordIntention(desk, {intend: 'close', ...defined({leaveIn: leftIn(desk, input)})}, {at, id}, {want: 'look'})
}

export async function reopenIncident(desk: Desk, {why, ...writing}: Writing & {readonly why: string}): Promise<Done> {
  return recordIntention(desk, {intend: 'reopen', why}, writing, {want: 'look'})
}

function leftIn(desk: Desk, {leaveIn, expires, why}: Leaving): readonly LeftIn[] | undefined {
  if (leaveIn === undefined || leaveIn.length === 0) return undefined
  if (expires === undefined || why === undefined || why.trim() === '') {
    throw new Fault('usage.missing', 'a rod is left in only with a new expiry and a reason', {
      hints: [`scram resolve --leave-in ${shellQuote(leaveIn[0] ?? '')} --expires 4h --why "reason"`],
    })
  }
  checkExpiry(expires)
  const expiresAt = new Date(desk.clock.now() + expires).toISOString()
  return leaveIn.map(rod => ({rod, expiresAt, why}))
}

import {shortId} from '../lib/ids.ts'
import {type Act, active, isRefusal, record, refuse} from './decision.ts'
import type {Decision, Refusal, World} from './intentions.ts'
import {componentEvents, publicUpdate} from './public-update.ts'
import type {IncidentState} from './state.ts'
import {noPromise} from './time-guard.ts'
import {publicText, titleText} from './typed-text.ts'
import type {PublicStatus} from './words.ts'

/** Posts a public update. It never resolves: that has a guard of its own, and a person types it. */
export function decideUpdate(world: World, intention: Act<'update'>): Decision {
  const state = active(world)
  if (isRefusal(state)) return state
  if (state.isPrivate) return noPublicText(state)
  const status = nextStatus(state, intention.status)
  if (typeof status !== 'string') return status
  const body = publicText('the update', intention.text)
  if (isRefusal(body)) return body
  const {next, promises, components = {}} = intention
  const unkept = noPromise(next)
  if (unkept) return unkept
  if (status === 'resolved' && next !== undefined) return refuse('usage.invalid', 'after the end no next update is due; leave --next away')
  const said = {body, status, severity: state.severity, components, ...(next !== undefined && {next}), ...(promises && {promises})}
  return record(intention, [...componentEvents(world, components), ...publicUpdate(world, intention, state, said)])
}

function nextStatus(state: IncidentState, asked: PublicStatus | undefined): PublicStatus | Refusal {
  const id = shortId(state.id)
  if (state.phase === 'resolved') {
    // A word after the end ("here is what we found") is no new incident.
    if (asked === undefined || asked === 'resolved') return 'resolved'
    return refuse('guard.refused', `${id} is resolved; "${asked}" would say it goes on`, `scram reopen --incident ${id} --why "reason"`)
  }
  if (asked === 'resolved') return refuse('guard.refused', 'an update does not resolve the incident', 'scram resolve -m "what users should know"')
  const last = state.updates.at(-1)?.status
  return asked ?? (last === undefined || last === 'resolved' ? 'investigating' : last)
}

/** Sets the page's own words above all components for as long as the incident lasts. */
export function decideHeadline(world: World, intention: Act<'headline'>): Decision {
  const state = active(world)
  if (isRefusal(state)) return state
  if (state.isPrivate) return noPublicText(state)
  const text = titleText('the headline', intention.text)
  return isRefusal(text) ? text : record(intention, [{kind: 'headline.set', data: {text}}])
}

export function noPublicText({id}: IncidentState): Refusal {
  return refuse('guard.refused', `${shortId(id)} is private and has no public updates`, 'scram note "text"')
}

import {shortId} from '../lib/ids.ts'
import {type Act, active, existing, isRefusal, record, refuse} from './decision.ts'
import type {Decision, World} from './intentions.ts'
import {componentEvents} from './public-update.ts'
import {typedLine} from './typed-text.ts'

/** Sets the severity; the cadence of the next promise follows it. */
export function decideSeverity(world: World, intention: Act<'severity'>): Decision {
  const state = active(world)
  if (isRefusal(state)) return state
  return record(intention, [{kind: 'severity.set', data: {severity: intention.severity, from: state.severity, ...because(intention)}}])
}

/** States the public impact; until then it is computed from the components. */
export function decideImpact(world: World, intention: Act<'impact'>): Decision {
  const state = active(world)
  if (isRefusal(state)) return state
  return record(intention, [{kind: 'impact.set', data: {impact: intention.impact, ...because(intention)}}])
}

/**
 * Sets a component's status. After the end only what was so before it can be added (with its time): something that is
 * broken now means that it was not the end.
 */
export function decideComponent(world: World, intention: Act<'component'>): Decision {
  const state = intention.at === undefined ? active(world) : existing(world)
  if (isRefusal(state)) return state
  const {component, status, extent} = intention
  if (component === '') return refuse('usage.invalid', 'no component is named')
  if (extent && !(extent.min >= 0 && extent.min <= extent.max && extent.max <= 100)) {
    return refuse('usage.invalid', `${extent.min} to ${extent.max} % is not a share; write 10 to 15, least first`)
  }
  if (state.phase === 'resolved' && intention.at === undefined && status !== 'operational') {
    const id = shortId(state.id)
    return refuse('guard.refused', `${id} is resolved, and ${component} would be ${status} again`, `scram reopen --incident ${id} --why "reason"`)
  }
  const [event] = componentEvents(world, {[component]: status})
  const {visibility} = event ?? {}
  const data = {component, status, ...(extent && {extent}), ...because(intention)}
  return record(intention, [{kind: 'component.set', data, ...(visibility && {visibility})}])
}

function because({why}: {readonly why?: string}): {why?: string} {
  const said = why === undefined ? '' : typedLine(why)
  return said === '' ? {} : {why: said}
}

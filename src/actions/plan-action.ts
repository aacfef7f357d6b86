import {decide} from '../incident/decide.ts'
import type {Intention} from '../incident/intentions.ts'
import {iso} from '../lib/clock.ts'
import {parseDuration} from '../lib/durations.ts'
import {Fault} from '../lib/fault.ts'
import {textOf} from '../lib/text-of.ts'
import type {Planned} from '../runbook/check-ports.ts'
import type {ActionCall, JsonMap} from '../runbook/ports.ts'
import type {Desk} from './desk.ts'
import {planRodStep} from './plan-rod-step.ts'
import {planTrip} from './plan-trip.ts'
import type {PlannedWorld} from './planned-world.ts'
import {intentionOf} from './propose-action.ts'
import {surroundingsOf} from './record-intention.ts'
import {recordedOutputs} from './run-ports.ts'
import {actionTable} from './table.ts'

/**
 * What a step of a runbook would do to the world as planned so far: `record` rows decide as they will, rods are read and
 * held against their rules, nothing is sent or recorded. A Fault is a refusal, or unknown where a value is not whole.
 */
export async function planAction(
  desk: Desk,
  world: PlannedWorld,
  {uses, with: given}: Pick<ActionCall, 'uses' | 'with'>,
  isWhole: boolean,
  signal: AbortSignal,
): Promise<Planned> {
  const id = actionTable.get(uses)?.id ?? uses
  try {
    return await plan(desk, world, id, given, signal)
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'interrupted') throw error
    if (isWhole) return {end: 'refused', message: `${error.code}: ${error.message}`, lines: []}
    return {end: 'unknown', message: error.message, touches: id.startsWith('rod/') || id === 'trip' ? ['rods'] : ['incident']}
  }
}

async function plan(desk: Desk, world: PlannedWorld, id: string, given: JsonMap, signal: AbortSignal): Promise<Planned> {
  switch (id) {
    case 'rod/insert':
    case 'rod/withdraw':
      return planRodStep(desk, world, {way: id === 'rod/insert' ? 'insert' : 'withdraw', given}, signal)
    case 'trip':
      return planTrip(desk, world, given, signal)
    case 'rod/extend': {
      const expiresAt = iso(desk.clock.now() + parseDuration(textOf(given['expires'])))
      return planIntention(desk, world, {intend: 'extend-rod', rod: textOf(given['rod']), expiresAt, why: textOf(given['why'])})
    }
    case 'page/build': {
      const {targets} = await desk.workspace()
      const places = targets.length === 0 ? ['the page in the home of scram'] : targets.map(({id: target, path}) => `${target} (${path})`)
      return {end: 'planned', lines: places.map(place => `publishes to ${place}`), changes: [], outputs: null}
    }
    case 'postmortem/draft':
      return {end: 'planned', lines: [`writes ${textOf(given['out']) || 'a new file in the drafts of scram'}, overwrites none`], changes: [], outputs: null}
    default:
      return planRecord(desk, world, id, given)
  }
}

/** Decided now, against the record as planned; the run decides again, against the record as it is then. */
async function planRecord(desk: Desk, world: PlannedWorld, id: string, given: JsonMap): Promise<Planned> {
  return planIntention(desk, world, await intentionOf(desk, id, given))
}

async function planIntention(desk: Desk, world: PlannedWorld, intention: Intention): Promise<Planned> {
  const isOpening = intention.intend === 'open'
  if (isOpening && world.state().phase !== 'none') return {end: 'skipped', reason: 'an incident is open already'}
  const surroundings = await surroundingsOf(desk, intention)
  const decision = decide(
    {incident: isOpening ? null : world.state(), board: world.board(), now: desk.clock.now(), actor: desk.actor.name, ...surroundings},
    intention,
  )
  if (decision.refused) return {end: 'refused', message: `${decision.code}: ${decision.message}`, lines: decision.hints}
  const changes = world.apply(decision.events)
  const {incident: _, ...outputs} = recordedOutputs(world.incident, decision.events)
  return {end: 'planned', lines: [`records ${kindsOf(decision.events)}`], changes, outputs, hidden: isOpening ? ['incident'] : []}
}

function kindsOf(events: readonly {readonly kind: string}[]): string {
  const counts = Map.groupBy(events, ({kind}) => kind)
  return [...counts].map(([kind, {length}]) => (length === 1 ? kind : `${kind} ×${length}`)).join(', ')
}

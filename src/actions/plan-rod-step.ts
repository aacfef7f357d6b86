import {decide} from '../incident/decide.ts'
import type {Draft, Outcome, TargetReading} from '../incident/events.ts'
import {othersIn} from '../incident/rods-of.ts'
import {DEFAULT_CADENCE_MS} from '../incident/words.ts'
import {parseDuration} from '../lib/durations.ts'
import {textOf} from '../lib/text-of.ts'
import {observe} from '../rods/observe.ts'
import {planRod} from '../rods/plan-rod.ts'
import {parsePosition} from '../rods/position.ts'
import type {Rod} from '../rods/rod.ts'
import type {Planned} from '../runbook/check-ports.ts'
import type {JsonMap} from '../runbook/ports.ts'
import {checkExpiry} from './check-expiry.ts'
import type {Desk} from './desk.ts'
import {intentOf} from './move-rod.ts'
import {planSteps} from './plan-move.ts'
import type {PlannedWorld} from './planned-world.ts'

interface Move {
  readonly way: 'insert' | 'withdraw'
  readonly given: JsonMap
}

interface Stand {
  readonly from: readonly TargetReading[]
  /** What control side and users' path show now, one line each; empty for a rod that the plan has moved. */
  readonly seen: readonly string[]
}

/**
 * One move of a rod as planned: read for real where no earlier step moves it, else from where that step leaves it. Its
 * rules are held against the planned record; afterwards the rod stands where it was sent.
 * @throws Fault as the move itself, before it is recorded
 */
export async function planRodStep(desk: Desk, world: PlannedWorld, {way, given}: Move, signal: AbortSignal): Promise<Planned> {
  const rod = await (await desk.rods()).get(textOf(given['rod']))
  const wanted = given['to'] as string | undefined
  const to = wanted === undefined ? (way === 'withdraw' ? 'withdrawn' : rod.fullyIn) : parsePosition(wanted, rod.positions)
  const expires = typeof given['expires'] === 'string' ? parseDuration(given['expires']) : undefined
  checkExpiry(expires)
  const expiresAt = way === 'withdraw' ? undefined : new Date(desk.clock.now() + (expires ?? rod.expiresMs)).toISOString()
  const {from, seen} = await standOf(desk, world, rod, signal)
  const steps = way === 'withdraw' && rod.isGuarded ? await planSteps(rod, {to, step: false, from}) : await planRod(rod, to)
  const lines = [...seen, ...steps]
  const hasMoved = world.moved.has(rod.id)
  // Between two steps of a run more time passes than between two of a check.
  const rules = hasMoved ? {...rod.rules, cooldownMs: 0} : rod.rules
  const intend = way === 'insert' ? 'insert-rod' : 'withdraw-rod'
  const before = {driver: await rod.driver(), probes: [], readings: [], look: null, from}
  const move = intentOf(rod, before, {intend, to, why: textOf(given['why']), expiresAt, terms: {}})
  const board = world.board()
  const decision = decide(
    {incident: null, board, now: desk.clock.now(), actor: desk.actor.name, components: [], cadenceMs: DEFAULT_CADENCE_MS},
    {intend, move, rules},
  )
  if (decision.refused) return {end: 'refused', message: `${decision.code}: ${decision.message}`, lines}
  const stood = positionsOf(from, board.rods[rod.id]?.verified)
  world.apply(settled(world, decision.events, {rod, to, from, expiresAt}))
  world.moved.add(rod.id)
  return {end: 'planned', lines, changes: [{what: `rods.${rod.id}`, before: stood, after: to}], outputs: null, requests: steps}
}

async function standOf(desk: Desk, world: PlannedWorld, rod: Rod, signal: AbortSignal): Promise<Stand> {
  const board = world.board()
  const state = board.rods[rod.id]
  if (state && world.moved.has(rod.id)) {
    const {targets} = await rod.driver()
    return {from: targets.map(target => ({target, position: state.verified})), seen: []}
  }
  const {readings, look, from} = await observe(rod, signal, desk.clock, othersIn(board, rod.id))
  const control = readings.map(({target, position, evidence}) => `now: control side${target && ` ${target}`} ${position} (${evidence})`)
  return {from, seen: [...control, ...(look ? [`now: ${look.name} ${look.position} (${look.evidence})`] : [])]}
}

/** Where the control side reads it; where nobody can read, what the record says. */
function positionsOf(from: readonly TargetReading[], recorded: string | undefined): string {
  const known = [...new Set(from.map(({position}) => position).filter(position => position !== 'unknown'))]
  return known.length > 0 ? known.join(', ') : `unread, recorded ${recorded ?? 'withdrawn'}`
}

/** The intent, and the outcome it has when all goes well. */
function settled(
  {id}: PlannedWorld,
  events: readonly Draft[],
  {rod, to, from, expiresAt}: {readonly rod: Rod; readonly to: string; readonly from: readonly TargetReading[]; readonly expiresAt: string | undefined},
): readonly Draft[] {
  const intent = id()
  const targets = from.map(({target}) => ({target, readBack: {position: to, ms: 0, evidence: 'as planned'}}))
  const data: Outcome = {
    rod: rod.id,
    to,
    intent,
    targets,
    effective: {position: to, probe: 'plan', ms: 0, evidence: 'as planned'},
    why: '',
    ...(expiresAt !== undefined && {expiresAt}),
  }
  return [...events.map(event => ({...event, id: intent})), {kind: to === 'withdrawn' ? 'rod.withdrawn' : 'rod.inserted', data}]
}

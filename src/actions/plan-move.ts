import type {TargetReading} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import {movedByOthers} from '../incident/rod-moved.ts'
import {type Violation, violations} from '../incident/rod-rules.ts'
import {othersIn} from '../incident/rods-of.ts'
import {observe} from '../rods/observe.ts'
import {planRod} from '../rods/plan-rod.ts'
import {parsePosition} from '../rods/position.ts'
import type {Rod} from '../rods/rod.ts'
import type {Desk} from './desk.ts'

export interface PlanMove {
  readonly rod: string
  readonly to?: string | undefined
  readonly way: 'insert' | 'withdraw'
  readonly overrides?: readonly string[] | undefined
  readonly approvedBy?: readonly string[] | undefined
  readonly expires?: number | undefined
  /** On the way out: one step only, or without its steps. */
  readonly step?: boolean | undefined
  readonly atOnce?: boolean | undefined
}

export interface PlannedMove {
  readonly rod: Rod
  readonly to: string
  /** The exact calls, secrets as their reference, then what the probe would be asked. */
  readonly plan: readonly string[]
  /** What control side and users' path show now, one line each. */
  readonly seen: readonly string[]
  /** Rules that would refuse it now, those set aside left out. */
  readonly refusals: readonly Violation[]
  /** When somebody would be reminded; null on the way out. */
  readonly expiresAt: string | null
}

/** --dry-run: reads for real, sends nothing, records nothing. @throws Fault as the move itself, before it is recorded */
export async function planMove(
  desk: Desk,
  {rod: id, to: wanted, way, overrides = [], approvedBy = [], expires, step, atOnce}: PlanMove,
  signal: AbortSignal,
): Promise<PlannedMove> {
  const rod = await (await desk.rods()).get(id)
  const to = wanted === undefined ? (way === 'withdraw' ? 'withdrawn' : rod.fullyIn) : parsePosition(wanted, rod.positions, overrides)
  const board = await (await desk.journal()).fold(boardProjection)
  const {readings, look, from} = await observe(rod, signal, desk.clock, othersIn(board, id))
  const now = desk.clock.now()
  const move = {rod: id, to, approvals: approvedBy}
  const broken = violations(board, {way, move, rules: rod.rules, actor: desk.actor.name, now})
  const moved = movedByOthers(board.rods[id], {to, from}).map(({target, recorded, position}) => ({
    name: 'moved',
    message: `moved by someone else: ${target === '' ? '' : `${target} `}recorded ${recorded}, reads ${position}; --take accepts it`,
  }))
  const control = readings.map(({target, position, evidence}) => `control side${target && ` ${target}`}: ${position} (${evidence})`)
  const users = look ? [`${look.name}: ${look.position} (${look.evidence})`] : []
  return {
    rod,
    to,
    plan: way === 'withdraw' && rod.isGuarded && !atOnce ? await planSteps(rod, {to, step: step === true, from}) : await planRod(rod, to),
    seen: [...control, ...users],
    refusals: [...broken.filter(({name}) => !overrides.includes(name)), ...moved],
    expiresAt: way === 'withdraw' ? null : new Date(now + (expires ?? rod.expiresMs)).toISOString(),
  }
}

/** A guarded withdrawal, step by step from where the rod reads now; who takes over first is said, and has a plan of its own. */
export async function planSteps(
  rod: Rod,
  {to, step, from}: {readonly to: string; readonly step: boolean; readonly from: readonly TargetReading[]},
): Promise<readonly string[]> {
  const {ladder, via, guarded} = await rod.withdrawal()
  const driver = await rod.driver()
  const known = from.map(({position}) => position).filter(position => ladder.knows(position))
  let at = known.length === 0 ? ladder.fullyIn : known.reduce((far, position) => (ladder.isMoreReduced(position, far) ? position : far))
  const lines: string[] = via === null ? [] : [`first insert ${via}, which takes over, and take it out by its own steps afterwards`]
  for (let next = ladder.out(at, to); next !== null; next = step ? null : ladder.out(at, to)) {
    const when = guarded === null ? '' : `once the guard was good for ${guarded.dwellMs / 1000} s: `
    lines.push(...driver.plan(next).map(line => `${when}${line}`))
    at = next
  }
  return lines.length > 0 ? lines : [`nothing: it reads ${at}`]
}

import {observe} from '../rods/observe.ts'
import {planRod} from '../rods/plan-rod.ts'
import {parsePosition} from '../rods/position.ts'
import type {Rod} from '../rods/rod.ts'
import type {Desk} from './desk.ts'

export interface PlannedMove {
  readonly rod: Rod
  readonly to: string
  /** The exact calls, secrets as their reference, then what the probe would be asked. */
  readonly plan: readonly string[]
  /** What control side and users' path show now, one line each. */
  readonly seen: readonly string[]
}

/** --dry-run: reads for real, sends nothing, records nothing. */
export async function planMove(
  desk: Desk,
  input: {readonly rod: string; readonly to?: string | undefined; readonly out: boolean},
  signal: AbortSignal,
): Promise<PlannedMove> {
  const rod = await (await desk.rods()).get(input.rod)
  const to = input.to === undefined ? (input.out ? 'withdrawn' : rod.fullyIn) : parsePosition(input.to, rod.positions)
  const {readings, look} = await observe(rod, signal, desk.clock)
  const control = readings.map(({target, position, evidence}) => `control side${target && ` ${target}`}: ${position} (${evidence})`)
  const users = look ? [`${look.name}: ${look.position} (${look.evidence})`] : []
  return {rod, to, plan: await planRod(rod, to), seen: [...control, ...users]}
}

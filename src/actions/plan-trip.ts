import {Fault} from '../lib/fault.ts'
import {textOf} from '../lib/text-of.ts'
import type {Change, Planned} from '../runbook/check-ports.ts'
import type {JsonMap} from '../runbook/ports.ts'
import type {Desk} from './desk.ts'
import {bankOf} from './find-bank.ts'
import {planRodStep} from './plan-rod-step.ts'
import type {PlannedWorld} from './planned-world.ts'

/** Every rod of the bank as planned, wave by wave. One that would be refused is said and keeps no other from going in. */
export async function planTrip(desk: Desk, world: PlannedWorld, given: JsonMap, signal: AbortSignal): Promise<Planned> {
  const bank = await bankOf(desk, textOf(given['bank']))
  const lines: string[] = []
  const requests: string[] = []
  const changes: Change[] = []
  let refused = 0
  for (const rod of bank.waves.flat()) {
    const planned = await planOne(desk, world, {rod, why: given['why'] ?? ''}, signal)
    if (planned.end === 'planned') {
      lines.push(`${rod}:`, ...planned.lines.map(line => `  ${line}`))
      requests.push(...(planned.requests ?? []))
      changes.push(...planned.changes)
      continue
    }
    refused += 1
    lines.push(`${rod}: ${'message' in planned ? planned.message : planned.reason}`)
  }
  // The run goes on past rods that do not go in, and fails the step at its end.
  if (refused > 0) return {end: 'refused', message: `${refused} of ${bank.waves.flat().length} rods of ${bank.id} would not go in`, lines}
  return {end: 'planned', lines, changes, outputs: null, requests}
}

async function planOne(desk: Desk, world: PlannedWorld, given: JsonMap, signal: AbortSignal): Promise<Planned> {
  try {
    return await planRodStep(desk, world, {way: 'insert', given}, signal)
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'interrupted') throw error
    return {end: 'refused', message: `${error.code}: ${error.message}`, lines: []}
  }
}

import type {Draft} from '../incident/events.ts'
import type {Json} from '../lib/canonical.ts'
import {Fault} from '../lib/fault.ts'
import {type Drive, type DriveList, decision, evaluator, type Halt, sourcesIn} from './drive.ts'
import {ExpressionError} from './expressions.ts'
import type {FailingNode} from './fail-step.ts'
import {type Frame, insideCall} from './frames.ts'
import {attemptOf} from './identity.ts'
import {checkInputs, fillDefaults, missingInput} from './inputs.ts'
import type {JsonMap} from './ports.ts'
import {render, renderMap} from './render.ts'
import {BadInput} from './render-step.ts'
import type {Call, Runbook} from './runbook.ts'

/** The steps of another runbook, pinned with this one; it sees its inputs and nothing of its caller. */
export async function driveCall(drive: Drive, frame: Frame, call: Call, {instance, name}: FailingNode, driveList: DriveList): Promise<Halt | null> {
  const {ledger} = drive
  const known = ledger.state().calls[instance]
  const inputs = known ?? (await inputsOf(drive, frame, call, instance))
  if (!known) ledger.stage([decision(drive, instance, 'call', inputs)], {event: 'step.waiting', step: instance, title: name, detail: call.runbook})
  const inside = insideCall(call.called, instance, inputs)
  const parked = await driveList(drive, inside)
  if (parked) return parked
  const outputs = await outputsOf(drive, call.called, inside)
  const finished: Draft = {kind: 'step.finished', data: {run: ledger.state().run, step: attemptOf(instance, 1), ms: 0, outputs}}
  ledger.stage([finished], {event: 'step.finished', step: instance, title: name})
  return null
}

async function inputsOf(drive: Drive, frame: Frame, {with: given, called}: Call, instance: string): Promise<JsonMap> {
  const evaluate = await evaluator(drive, frame, sourcesIn(given))
  const texts = Object.fromEntries(Object.entries(renderMap(given, evaluate)).map(([id, value]) => [id, plain(id, value)]))
  try {
    const {values, missing, computed} = checkInputs(called, texts)
    if (missing.length > 0) throw missingInput(missing)
    if (computed.length === 0) return values
    const inside = await evaluator(drive, insideCall(called, instance, values), ['rods', 'incident'])
    return fillDefaults(called, values, computed, inside)
  } catch (error) {
    throw error instanceof Fault ? new BadInput(error.message) : error
  }
}

/** An input of a call, as it would be typed. @throws BadInput */
export function plain(id: string, value: Json): string {
  if (typeof value === 'object') throw new BadInput(`input ${id} is a list or map; an input is a text, number or bool`)
  return String(value)
}

/** An output whose step was skipped or failed is absent: a run does not fail after its work is done. */
export async function outputsOf(drive: Drive, {outputs}: Runbook, frame: Frame): Promise<JsonMap> {
  const evaluate = await evaluator(drive, frame, ['rods', 'incident', 'steps', ...Object.values(outputs).flatMap(sourcesIn)])
  const entries = Object.entries(outputs).flatMap(([name, template]) => {
    try {
      return [[name, render(template, evaluate)] as const]
    } catch (error) {
      if (error instanceof ExpressionError) return []
      throw error
    }
  })
  return Object.fromEntries(entries)
}

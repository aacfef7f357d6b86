import {checkInputs, missingInput, problemOf} from '../runbook/inputs.ts'
import type {JsonMap} from '../runbook/ports.ts'
import type {Runbook} from '../runbook/runbook.ts'
import type {Desk} from './desk.ts'
import {factsNow} from './run-ports.ts'
import {actionTable} from './table.ts'

/**
 * The inputs of a run: as given, asked for on a terminal, defaults computed.
 * @throws Fault usage.missing (nobody to ask) · usage.invalid
 */
export async function inputsOf(
  desk: Desk,
  runbook: Runbook,
  given: Readonly<Record<string, string>>,
  {incident, run}: {readonly incident: string; readonly run: string},
  signal: AbortSignal,
): Promise<JsonMap> {
  const typed: Record<string, string> = {...given}
  const {missing} = checkInputs(runbook, typed)
  if (missing.length > 0 && desk.ask === null) throw missingInput(missing)
  for (const {id, prompt, definition} of missing) typed[id] = await askInput(desk, prompt, text => problemOf(definition, text), signal)
  const {values, computed} = checkInputs(runbook, typed)
  if (computed.length === 0) return values
  const {computeInputs} = await import('../runbook/compute-inputs.ts')
  return computeInputs(runbook, actionTable, values, computed, {facts: await factsNow(desk, incident), now: desk.clock.now(), run, by: desk.actor.name})
}

/** Asked again until it fits; Ctrl-C ends it before anything was recorded. */
async function askInput(desk: Desk, prompt: string, problem: (text: string) => string | null, signal: AbortSignal): Promise<string> {
  for (let words = prompt; ; ) {
    const text = (await desk.ask?.text(words, signal)) ?? ''
    const wrong = problem(text)
    if (wrong === null) return text
    words = `${prompt} (${wrong})`
  }
}

import {type ChildEnd, childEnv, runChild} from '../lib/child.ts'
import {Fault} from '../lib/fault.ts'
import type {CommandCall, Ran} from '../runbook/ports.ts'
import type {Desk} from './desk.ts'
import {keepOutput} from './keep-output.ts'
import {expectChild, forgetChild, noteChild} from './outlived.ts'

const DEFAULT_MS = 300_000

/** A `run` step: argv in its own process group, an allow-list for its environment, its output kept as an artefact; `hear` gets it, redacted, while it runs. */
export async function runStepCommand(
  desk: Desk,
  incident: string,
  call: CommandCall,
  {hear, signal}: {hear(text: string): void; readonly signal: AbortSignal},
): Promise<Ran> {
  const [program, ...args] = call.argv
  if (program === undefined) return {end: 'failed', code: 'usage.missing', message: 'argv is empty', retryable: false}
  const {folder} = await desk.workspace()
  const timeoutMs = call.deadline === null ? DEFAULT_MS : Math.max(1, Date.parse(call.deadline) - desk.clock.now())
  const secrets = await secretsOf(desk, call.secrets)
  if (secrets instanceof Fault) return {end: 'failed', code: secrets.code, message: secrets.message, retryable: false}
  const kept = keepOutput(desk, call, hear)
  expectChild(desk, call)
  const end = await runChild(
    {
      argv: [program, ...args],
      cwd: folder ?? process.cwd(),
      env: childEnv({...scramEnv(desk, incident, folder, call), ...call.env, ...secrets}),
      timeoutMs,
      maxBytes: 0, // `kept` has it
      onStart: pid => noteChild(desk, call, pid),
      onOutput: kept.add,
    },
    signal,
  )
  forgetChild(desk, call)
  if (end.notStarted !== null)
    return {end: 'failed', code: 'exec.not-started', message: `${program} could not be started (${end.notStarted})`, retryable: false}
  const {output, stdout} = kept.end()
  const said = output ? {output} : {}
  if (end.exitCode === null) return {end: 'unknown', reason: howItEnded(end, signal), ...said}
  return {end: 'exited', exitCode: end.exitCode, stdout, ...said}
}

/** The engine keeps the time, too; which of the two was quicker is chance. */
function howItEnded({timedOut, aborted, signal}: ChildEnd, {reason}: AbortSignal): string {
  const isLate = timedOut || (aborted && reason instanceof DOMException && reason.name === 'TimeoutError')
  return isLate ? 'timeout' : aborted ? 'ended by Ctrl-C' : `ended by ${signal ?? 'a signal'}`
}

/** The redactor finds no shorter one: it would be a word of every text. */
const SHORTEST_SECRET = 6

/** Variable → value, just before the child starts; the Fault of the first that cannot be had. */
export async function secretsOf(desk: Desk, references: Readonly<Record<string, string>>): Promise<Record<string, string> | Fault> {
  try {
    return Object.fromEntries(
      await Promise.all(Object.entries(references).map(async ([name, reference]) => [name, await secretOf(desk, name, reference)] as const)),
    )
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

async function secretOf(desk: Desk, name: string, reference: string): Promise<string> {
  const value = await desk.secret(reference)
  if (value.length >= SHORTEST_SECRET) return value
  throw new Fault('secret.missing', `the secret for ${name} has fewer than ${SHORTEST_SECRET} characters: it could not be kept out of the record`)
}

/** A `scram` called inside records into the same incident. */
function scramEnv(desk: Desk, incident: string, folder: string | null, {run, instance, attempt, key}: CommandCall): Record<string, string> {
  return {
    SCRAM_INCIDENT: incident,
    SCRAM_RUN: run,
    SCRAM_STEP: instance,
    SCRAM_ATTEMPT: String(attempt),
    SCRAM_IDEMPOTENCY_KEY: key,
    ...(desk.home !== null && {SCRAM_HOME: desk.home}),
    ...(folder !== null && {SCRAM_WORKSPACE: folder}),
  }
}

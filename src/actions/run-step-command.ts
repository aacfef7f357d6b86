import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {childEnv, runChild} from '../lib/child.ts'
import {Fault} from '../lib/fault.ts'
import {makeFolder} from '../lib/files.ts'
import {sha256Hex} from '../lib/sha256.ts'
import type {CommandCall, Ran} from '../runbook/ports.ts'
import type {Desk} from './desk.ts'

/** Declared outputs above this are dropped: the effect happened, expressions over it fail. */
const MOST_OUTPUT = 16 * 1024
const TAIL = 4096
const DEFAULT_MS = 300_000

/** A `run` step: argv in its own process group, an allow-list for its environment, its output kept as an artefact. */
export async function runStepCommand(desk: Desk, incident: string, call: CommandCall, signal: AbortSignal): Promise<Ran> {
  const [program, ...args] = call.argv
  if (program === undefined) return {end: 'failed', code: 'usage.missing', message: 'argv is empty', retryable: false}
  const {folder} = await desk.workspace()
  const timeoutMs = call.deadline === null ? DEFAULT_MS : Math.max(1, Date.parse(call.deadline) - desk.clock.now())
  const secrets = await secretsOf(desk, call.secrets)
  if (secrets instanceof Fault) return {end: 'failed', code: secrets.code, message: secrets.message, retryable: false}
  const end = await runChild(
    {argv: [program, ...args], cwd: folder ?? process.cwd(), env: childEnv({...scramEnv(desk, incident, folder, call), ...call.env, ...secrets}), timeoutMs},
    signal,
  )
  if (end.notStarted !== null)
    return {end: 'failed', code: 'exec.not-started', message: `${program} could not be started (${end.notStarted})`, retryable: false}
  const output = desk.redact(`${end.stdout}${end.stderr}`)
  await keep(desk, call, output)
  if (end.exitCode === null) return {end: 'unknown', reason: end.timedOut ? 'timeout' : 'lost'}
  const stdout = desk.redact(end.stdout).replace(/\r?\n$/, '')
  return {end: 'exited', exitCode: end.exitCode, stdout: stdout.length > MOST_OUTPUT ? null : stdout, digest: sha256Hex(output), tail: output.slice(-TAIL)}
}

/** Variable → value, just before the child starts; the Fault of the first that cannot be had. */
export async function secretsOf(desk: Desk, references: Readonly<Record<string, string>>): Promise<Record<string, string> | Fault> {
  try {
    return Object.fromEntries(await Promise.all(Object.entries(references).map(async ([name, reference]) => [name, await desk.secret(reference)] as const)))
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
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

/** What it printed, redacted, for people afterwards. A disk that is full must not fail a step that was carried out. */
async function keep(desk: Desk, {run, instance}: CommandCall, output: string): Promise<void> {
  if (desk.home === null || output === '') return
  const folder = join(desk.home, 'artefacts', run)
  const name = `${instance.replace(/[^\w.#-]+/g, '_')}.log`
  try {
    makeFolder(folder)
    await writeFile(join(folder, name), output, {mode: 0o600})
  } catch {
    desk.narrate(`the output of ${instance} could not be kept in ${folder}`)
  }
}

import type {Json} from '../lib/canonical.ts'
import type {Clock} from '../lib/clock.ts'
import {type Drive, judge} from './drive.ts'
import type {Live} from './frames.ts'
import {attemptOf, keyOf} from './identity.ts'
import type {JsonMap, Verified} from './ports.ts'
import type {RunStep, UsesStep} from './runbook.ts'
import {within} from './within.ts'

/** One look may not eat the whole time. */
const LONGEST_LOOK_MS = 30_000

/** What `step.started` carries of a step's `verify`, rendered once with the rest. */
export interface VerifySent {
  readonly uses: string
  readonly with: JsonMap
}

export function verifySent(recorded: Json | null): VerifySent | null {
  return recorded as VerifySent | null // `renderStep` made it, `carryOut` recorded it
}

/**
 * Asks until the answer is yes or its time is over. No: it answered, and never with yes. Unknown: not even that.
 * `interrupted`: the second Ctrl-C, or the first while nothing is in flight.
 */
export async function verifyStep(
  drive: Drive,
  step: Live<UsesStep | RunStep>,
  attempt: number,
  sent: VerifySent,
  signal: AbortSignal,
): Promise<Verified | 'interrupted'> {
  const {ports, ledger} = drive
  const {clock} = ports
  const {expect = 'result.ok', withinMs = 30_000, everyMs = 2000} = step.verify ?? {}
  const {run} = ledger.state()
  const instance = `${attemptOf(step.instance, attempt)}/verify`
  const end = clock.ticks() + withinMs
  let found: Verified = {holds: 'unknown', evidence: 'nothing answered'}
  for (let look = 1; ; look++) {
    const lookAgain = clock.ticks() + everyMs
    const limitMs = Math.min(Math.max(end - clock.ticks(), 1000), LONGEST_LOOK_MS)
    const call = {run, instance, attempt: look, key: keyOf(run, instance), deadline: null, ...sent}
    const result = await within(clock, limitMs, signal, inner => ports.perform(call, inner))
    if (result.end === 'aborted') return 'interrupted'
    if (result.end === 'done' && result.value.end === 'finished') {
      const {outputs} = result.value
      const {holds, problem} = await judge(drive, step.frame, {source: expect, uses: sent.uses, outputs})
      if (holds) return {holds: true, outputs, evidence: words(outputs)}
      found = {holds: false, evidence: problem ?? `${expect} is false: ${words(outputs)}`}
    } else if (result.end === 'done' && found.holds === 'unknown') {
      found = {holds: 'unknown', evidence: 'reason' in result.value ? result.value.reason : 'message' in result.value ? result.value.message : ''}
    }
    if (clock.ticks() >= end) return found
    if (!(await pause(clock, Math.min(lookAgain, end) - clock.ticks(), signal))) return 'interrupted'
  }
}

/** No `nap`: the step is in flight, and nobody is asked anything meanwhile. False: it was interrupted. */
async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(Math.max(ms, 0), signal)
    return !signal.aborted
  } catch (error) {
    if (signal.aborted) return false
    throw error
  }
}

function words(outputs: JsonMap): string {
  return Object.entries(outputs)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(', ')
    .slice(0, 200)
}

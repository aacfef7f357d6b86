import type {Draft} from '../incident/events.ts'
import {iso} from '../lib/clock.ts'
import {formatDuration} from '../lib/durations.ts'
import {type Drive, decision, judge, type Turn} from './drive.ts'
import {failStep} from './fail-step.ts'
import type {Live} from './frames.ts'
import {type Hold, noHold, observe} from './hold.ts'
import {attemptOf, keyOf} from './identity.ts'
import {interruptedAt} from './parking.ts'
import type {JsonMap} from './ports.ts'
import type {WaitUntilStep} from './runbook.ts'
import type {StateOf} from './step-state.ts'
import {nap} from './wait-step.ts'
import {within} from './within.ts'

/** One look may not eat the whole wait. */
const LONGEST_LOOK_MS = 30_000

interface Look {
  readonly holds: boolean
  readonly outputs: JsonMap
  readonly words: string
}

/**
 * Looks through the probe until the condition has held, seen, for as long as asked. Only observed samples count: a false
 * one, a failed probe, a gap or a new process starts the hold again. The timeout counts time in this process.
 */
export async function waitUntilTrue(drive: Drive, step: Live<WaitUntilStep>, seen: StateOf<'started'>): Promise<Turn> {
  const {ledger, ports} = drive
  const {clock} = ports
  const {run} = ledger.state()
  const {attempt, title, startedAt} = seen
  const begin = clock.ticks()
  const left = () => step.timeoutMs - (clock.ticks() - begin)
  await ledger.commit()
  ports.tell({event: 'step.waiting', at: startedAt, run, step: step.instance, title, detail: step.until, until: iso(clock.now() + step.timeoutMs)})
  let hold: Hold = noHold
  let last: Look = {holds: false, outputs: {}, words: 'no sample yet'}
  for (let sample = 1; left() > 0; sample++) {
    if (drive.stop.aborted) return interruptedAt(drive, step)
    const lookAgain = clock.ticks() + step.everyMs
    const look = await lookOnce(drive, step, seen, sample, Math.min(left(), LONGEST_LOOK_MS))
    if (look === 'interrupted') return interruptedAt(drive, step)
    last = look
    const next = observe(hold, look.holds, {wallMs: clock.now(), ticks: clock.ticks()}, step)
    const ms = Math.max(Math.round(clock.now() - Date.parse(startedAt)), 0)
    if (next.news === 'met') {
      const finished: Draft = {
        kind: 'step.finished',
        data: {run, step: attemptOf(step.instance, attempt), ms, outputs: look.outputs, evidence: `${sample} samples; ${look.words}`},
      }
      const held = step.forMs > 0 ? [holdDraft(drive, step, 'met', next.hold.count)] : []
      ledger.stage([...held, finished], {event: 'step.finished', step: step.instance, title, ms, detail: look.words})
      return null
    }
    if (next.news !== null && step.forMs > 0)
      await ledger.commit([holdDraft(drive, step, next.news, next.hold.count)], {
        event: 'step.waiting',
        step: step.instance,
        title,
        detail: `hold ${next.news}: ${look.words}`,
      })
    hold = next.hold
    if (!(await nap(drive, () => Math.min(lookAgain - clock.ticks(), left())))) return interruptedAt(drive, step)
  }
  const message = `${step.until} did not hold within ${formatDuration(step.timeoutMs)}; last: ${last.words}`
  return failStep(drive, step, {attempt, title, code: 'wait.timeout', message, ms: Math.round(clock.ticks() - begin), timedOut: true})
}

async function lookOnce(
  drive: Drive,
  step: Live<WaitUntilStep>,
  {attempt, sent}: StateOf<'started'>,
  sample: number,
  limitMs: number,
): Promise<Look | 'interrupted'> {
  const {ports, ledger, kill} = drive
  const {run} = ledger.state()
  const {probe} = sent as unknown as {probe: {uses: string; with: JsonMap}} // recorded by `renderStep` in this shape
  const instance = `${attemptOf(step.instance, attempt)}/probe`
  const call = {run, instance, attempt: sample, key: keyOf(run, instance), deadline: null, uses: probe.uses, with: probe.with}
  const result = await within(ports.clock, limitMs, kill, signal => ports.perform(call, signal))
  if (result.end === 'aborted') return 'interrupted'
  if (result.end !== 'done') return {holds: false, outputs: {}, words: 'the probe did not answer'}
  const {value} = result
  if (value.end !== 'finished') return {holds: false, outputs: {}, words: value.end === 'failed' ? value.message : value.reason}
  const judged = await judge(drive, step.frame, {source: step.until, uses: probe.uses, outputs: value.outputs})
  return {holds: judged.holds, outputs: value.outputs, words: judged.problem ?? shown(value.outputs)}
}

function holdDraft(drive: Drive, step: Live<WaitUntilStep>, what: 'begun' | 'broken' | 'met', samples: number): Draft {
  return decision(drive, step.instance, 'hold', {what, samples})
}

function shown(outputs: JsonMap): string {
  return Object.entries(outputs)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(', ')
    .slice(0, 200)
}

import type {Draft, EventData} from '../incident/events.ts'
import {iso} from '../lib/clock.ts'
import {type Ended, outcomeOf} from './command-outcome.ts'
import type {Drive, Turn} from './drive.ts'
import {failStep, INTERRUPTED} from './fail-step.ts'
import {attemptOf, keyOf} from './identity.ts'
import type {ActionCall, CommandCall, Failed, JsonMap, Unknown} from './ports.ts'
import type {Step, UsesStep} from './runbook.ts'
import {within} from './within.ts'

/** One attempt: which, and exactly what is sent. A second attempt sends what the first did, never a new rendering. */
export interface Attempt {
  readonly attempt: number
  readonly sent: JsonMap
  readonly title: string
}

/**
 * Makes one attempt. The intent is durable before the effect, the outcome before it is told; only a `record` action is
 * one transaction with both, for its effect is our own journal. Waits and manual steps only begin here.
 */
export async function carryOut(drive: Drive, step: Step, attempt: Attempt, prelude: readonly Draft[] = []): Promise<Turn> {
  switch (step.kind) {
    case 'uses': {
      const row = drive.ports.actions.get(step.uses)
      if (!row) return failStep(drive, step, {...attempt, code: 'action.unknown', message: `there is no action ${step.uses}`, ms: 0}, prelude)
      const intent = {kind: step.kind, uses: row.id, effect: row.effect, resume: step.resume ?? row.resume} as const
      const call = {...callOf(drive, step, attempt, step.timeoutMs), uses: row.id, with: attempt.sent}
      if (row.effect === 'record') return recordStep(drive, step, attempt, call, intent, prelude)
      return perform(drive, step, attempt, intent, prelude, signal => drive.ports.perform(call, signal))
    }
    case 'run': {
      const resume = step.resume ?? (step.effect === 'idempotent' ? 'safe' : 'ask')
      const call: CommandCall = {...callOf(drive, step, attempt, step.timeoutMs), ...commandOf(attempt.sent)}
      return perform(drive, step, attempt, {kind: step.kind, uses: 'exec', effect: step.effect, resume}, prelude, async signal =>
        outcomeOf(step, await drive.ports.runCommand(call, signal)),
      )
    }
    case 'manual':
    case 'wait_until':
      return beginLong(drive, step, attempt, prelude)
    case 'wait': {
      const {run} = drive.ledger.state()
      const due = iso(drive.ports.clock.now() + step.waitMs)
      const timer: Draft = {kind: 'timer.set', data: {timer: keyOf(run, step.instance), what: 'wait', due, run, step: step.instance}}
      return beginLong(drive, step, attempt, [...prelude, timer])
    }
    default:
      return step satisfies never
  }
}

type Intended = Pick<EventData['step.started'], 'kind' | 'effect' | 'resume'> & {readonly uses?: string}

function startedDraft(drive: Drive, step: Step, {attempt, sent, title}: Attempt, intent: Intended, deadline: string | null): Draft {
  const {run} = drive.ledger.state()
  const key = keyOf(run, step.instance)
  return {
    kind: 'step.started',
    data: {run, step: attemptOf(step.instance, attempt), title, ...intent, sent, key, ...(deadline !== null && {deadline})},
  }
}

async function beginLong(drive: Drive, step: Step, attempt: Attempt, prelude: readonly Draft[]): Promise<null> {
  const started = startedDraft(drive, step, attempt, {kind: step.kind, effect: 'none', resume: 'safe'}, null)
  await drive.ledger.commit([...prelude, started], {event: 'step.started', step: step.instance, title: attempt.title})
  return null
}

function callOf({ledger, ports}: Drive, {instance}: Step, {attempt}: Attempt, timeoutMs: number): Omit<ActionCall, 'uses' | 'with'> {
  const {run} = ledger.state()
  return {run, instance: attemptOf(instance, attempt), attempt, key: keyOf(run, instance), deadline: iso(ports.clock.now() + timeoutMs)}
}

async function recordStep(drive: Drive, step: UsesStep, attempt: Attempt, call: ActionCall, intent: Intended, prelude: readonly Draft[]): Promise<null> {
  const {ledger, ports, undelivered} = drive
  const begin = ports.clock.ticks()
  const started = startedDraft(drive, step, attempt, intent, null)
  const finished = (outputs: JsonMap): readonly Draft[] => [
    {kind: 'step.finished', data: {run: call.run, step: call.instance, ms: since(drive, begin), outputs}},
  ]
  const result = await ledger.record(call, [...prelude, started], finished, {event: 'step.finished', step: step.instance, title: attempt.title})
  if (result.end === 'failed') return failStep(drive, step, {...attempt, ...result, ms: since(drive, begin)}, [...prelude, started])
  if (result.end === 'skipped') {
    const skipped: Draft = {kind: 'step.skipped', data: {run: call.run, step: step.instance, reason: result.reason}}
    await ledger.commit([...prelude, skipped], {event: 'step.skipped', step: step.instance, title: attempt.title, detail: result.reason})
    return null
  }
  undelivered.push(...(await ports.follow(call)))
  return null
}

async function perform(
  drive: Drive,
  step: Step,
  attempt: Attempt,
  intent: Intended,
  prelude: readonly Draft[],
  work: (signal: AbortSignal) => Promise<Ended | Failed | Unknown>,
): Promise<null> {
  const {ledger, ports, kill} = drive
  const {clock} = ports
  const timeoutMs = step.kind === 'uses' || step.kind === 'run' ? step.timeoutMs : null
  const started = startedDraft(drive, step, attempt, intent, timeoutMs === null ? null : iso(clock.now() + timeoutMs))
  await ledger.commit([...prelude, started], {event: 'step.started', step: step.instance, title: attempt.title})
  const begin = clock.ticks()
  const result = await within(clock, timeoutMs, kill, work)
  const ms = since(drive, begin)
  const failure = {...attempt, ms}
  if (result.end === 'done') {
    const {value} = result
    if (value.end === 'finished') return finish(drive, step, attempt, value, ms)
    if (value.end === 'failed') return failStep(drive, step, {...failure, ...value})
    // What changes nothing cannot be half done: it failed, whatever the other side saw.
    if (intent.effect === 'none') return failStep(drive, step, {...failure, code: 'step.unanswered', message: value.reason, retryable: true})
    return doubt(drive, step, attempt, 'lost', value.reason)
  }
  if (result.end === 'timeout') {
    const message = 'did not end within its timeout'
    if (intent.effect === 'none') return failStep(drive, step, {...failure, code: 'step.timeout', message, retryable: true, timedOut: true})
    return doubt(drive, step, attempt, 'timeout', message)
  }
  if (intent.effect === 'none') return failStep(drive, step, {...failure, code: INTERRUPTED, message: 'ended by Ctrl-C', retryable: true})
  return doubt(drive, step, attempt, 'lost', 'ended by Ctrl-C')
}

/** Staged: it becomes durable with the next intent, or before anything that takes a while. */
function finish({ledger}: Drive, step: Step, {attempt, title}: Attempt, {outputs, evidence, digest, exitCode}: Ended, ms: number): null {
  const {run} = ledger.state()
  const data = {run, step: attemptOf(step.instance, attempt), ms, outputs, ...(evidence !== undefined && {evidence})}
  ledger.stage([{kind: 'step.finished', data: {...data, ...(digest !== undefined && {digest}), ...(exitCode !== undefined && {exitCode})}}], {
    event: 'step.finished',
    step: step.instance,
    title,
    ms,
    ...(evidence !== undefined && {detail: evidence}),
  })
  return null
}

async function doubt({ledger}: Drive, step: Step, {attempt, title}: Attempt, reason: 'timeout' | 'lost', detail: string): Promise<null> {
  const {run} = ledger.state()
  const unknown: Draft = {kind: 'step.unknown', data: {run, step: attemptOf(step.instance, attempt), reason, detail}}
  await ledger.commit([unknown], {event: 'step.unknown', step: step.instance, title, detail})
  return null
}

function commandOf(sent: JsonMap): Pick<CommandCall, 'argv' | 'env' | 'secrets'> {
  // `renderStep` made it; after a resume it comes back as it was recorded.
  const {argv, env, secrets} = sent as unknown as Pick<CommandCall, 'argv' | 'env' | 'secrets'>
  return {argv, env, secrets}
}

function since({ports}: Drive, beginTicks: number): number {
  return Math.max(Math.round(ports.clock.ticks() - beginTicks), 0)
}

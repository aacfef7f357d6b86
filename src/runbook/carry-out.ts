import type {Draft, EventData} from '../incident/events.ts'
import {iso} from '../lib/clock.ts'
import {type CommandFailed, type Ended, outcomeOf} from './command-outcome.ts'
import type {Drive, Turn} from './drive.ts'
import {failStep, INTERRUPTED} from './fail-step.ts'
import type {Live} from './frames.ts'
import {attemptOf, keyOf} from './identity.ts'
import type {News} from './ledger.ts'
import type {ActionCall, CommandCall, JsonMap, Performed, StepOutput, Unknown} from './ports.ts'
import type {RunStep, UsesStep} from './runbook.ts'
import {type VerifySent, verifyStep} from './verify-step.ts'
import {within} from './within.ts'

/** One attempt: which, and exactly what is sent. A second attempt sends what the first did, never a new rendering. */
export interface Attempt {
  readonly attempt: number
  readonly sent: JsonMap
  readonly verify: VerifySent | null
  readonly key: string
  readonly title: string
}

/**
 * Makes one attempt. The intent is durable before the effect, the outcome before it is told; only a `record` action is
 * one transaction with both, for its effect is our own journal. Waits and manual steps only begin here.
 */
export async function carryOut(drive: Drive, step: Live, attempt: Attempt, prelude: readonly Draft[] = []): Promise<Turn> {
  switch (step.kind) {
    case 'uses': {
      const row = drive.ports.actions.get(step.uses)
      if (!row) return failStep(drive, step, {...attempt, code: 'action.unknown', message: `there is no action ${step.uses}`, ms: 0}, prelude)
      const resume = step.resume ?? (attempt.verify ? 'verify' : row.resume)
      const intent = {kind: step.kind, uses: row.id, effect: row.effect, resume} as const
      const call = {...callOf(drive, step, attempt, step.timeoutMs), uses: row.id, with: attempt.sent}
      if (row.effect === 'record') return recordStep(drive, step, attempt, call, intent, prelude)
      return perform(drive, step, attempt, intent, prelude, signal => drive.ports.perform(call, signal))
    }
    case 'run': {
      const resume = step.resume ?? (attempt.verify ? 'verify' : step.effect === 'idempotent' ? 'safe' : 'ask')
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

function startedDraft(drive: Drive, step: Live, {attempt, sent, verify, key, title}: Attempt, intent: Intended, deadline: string | null): Draft {
  const {run} = drive.ledger.state()
  const more = {...(verify && {verify: {uses: verify.uses, with: verify.with}}), ...(deadline !== null && {deadline})}
  return {kind: 'step.started', data: {run, step: attemptOf(step.instance, attempt), title, ...intent, sent, key, ...more}}
}

/** What the live view says while it runs: also what comes after it in its list. */
function beginning({instance, frame}: Live, {title}: Attempt, deadline: string | null): News {
  const at = frame.list.findIndex(node => frame.prefix + node.id === instance)
  const next = at < 0 ? undefined : frame.list[at + 1] // an undo stands in no list
  return {event: 'step.started', step: instance, title, ...(deadline !== null && {until: deadline}), ...(next && {next: next.id})}
}

async function beginLong(drive: Drive, step: Live, attempt: Attempt, prelude: readonly Draft[]): Promise<null> {
  const started = startedDraft(drive, step, attempt, {kind: step.kind, effect: 'none', resume: 'safe'}, null)
  await drive.ledger.commit([...prelude, started], beginning(step, attempt, null))
  return null
}

function callOf({ledger, ports}: Drive, {instance}: Live, {attempt, key}: Attempt, timeoutMs: number): Omit<ActionCall, 'uses' | 'with'> {
  return {run: ledger.state().run, instance: attemptOf(instance, attempt), attempt, key, deadline: iso(ports.clock.now() + timeoutMs)}
}

async function recordStep(drive: Drive, step: Live<UsesStep>, attempt: Attempt, call: ActionCall, intent: Intended, prelude: readonly Draft[]): Promise<null> {
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

type Acting = Live<UsesStep | RunStep>
type Work = (signal: AbortSignal) => Promise<Ended | CommandFailed | Unknown>

async function perform(drive: Drive, step: Acting, attempt: Attempt, intent: Intended, prelude: readonly Draft[], work: Work): Promise<null> {
  const {ledger, ports, kill} = drive
  const {clock} = ports
  const {timeoutMs} = step
  const deadline = iso(clock.now() + timeoutMs)
  await ledger.commit([...prelude, startedDraft(drive, step, attempt, intent, deadline)], beginning(step, attempt, deadline))
  const begin = clock.ticks()
  const result = await within(clock, timeoutMs, kill, work)
  if (result.end === 'done') return ended(drive, step, attempt, intent, begin, result.value)
  const failure = {...attempt, ms: since(drive, begin)}
  if (result.end === 'timeout') {
    const message = 'did not end within its timeout'
    if (intent.effect === 'none') return failStep(drive, step, {...failure, code: 'step.timeout', message, retryable: true, timedOut: true})
    return doubt(drive, step, attempt, 'timeout', message)
  }
  if (intent.effect === 'none') return failStep(drive, step, {...failure, code: INTERRUPTED, message: 'ended by Ctrl-C', retryable: true})
  return doubt(drive, step, attempt, 'lost', 'ended by Ctrl-C')
}

async function ended(
  drive: Drive,
  step: Acting,
  attempt: Attempt,
  {effect}: Intended,
  begin: number,
  value: Extract<Performed, {end: 'finished'}> | CommandFailed | Unknown,
): Promise<null> {
  if (value.end === 'failed') return failStep(drive, step, {...attempt, ms: since(drive, begin), ...value})
  if (value.end === 'unknown') {
    // What changes nothing cannot be half done: it failed, whatever the other side saw.
    if (effect !== 'none') return doubt(drive, step, attempt, value.reason === 'timeout' ? 'timeout' : 'lost', value.reason, value.output)
    return failStep(drive, step, {...attempt, ms: since(drive, begin), code: 'step.unanswered', message: value.reason, retryable: true})
  }
  if (!attempt.verify) return finish(drive, step, attempt, value, since(drive, begin))
  const verified = await verifyStep(drive, step, attempt.attempt, attempt.verify, drive.kill)
  const ms = since(drive, begin)
  if (verified === 'interrupted') return doubt(drive, step, attempt, 'lost', 'done, and ended by Ctrl-C before it was verified')
  if (verified.holds === 'unknown') return doubt(drive, step, attempt, 'lost', `done, and nothing could verify it: ${verified.evidence ?? ''}`)
  if (verified.holds) return finish(drive, step, attempt, {...value, ...(verified.evidence !== undefined && {evidence: verified.evidence})}, ms)
  return failStep(drive, step, {...attempt, ms, code: 'verify.no', message: verified.evidence ?? 'the world says no', retryable: effect !== 'unsafe'})
}

/** Staged: it becomes durable with the next intent, or before anything that takes a while. */
function finish({ledger}: Drive, step: Live, {attempt, title}: Attempt, {outputs, evidence, output, exitCode}: Ended, ms: number): null {
  const {run} = ledger.state()
  const data = {run, step: attemptOf(step.instance, attempt), ms, outputs, ...(evidence !== undefined && {evidence})}
  ledger.stage([{kind: 'step.finished', data: {...data, ...output, ...(exitCode !== undefined && {exitCode})}}], {
    event: 'step.finished',
    step: step.instance,
    title,
    ms,
    ...(evidence !== undefined && {detail: evidence}),
  })
  return null
}

async function doubt({ledger}: Drive, step: Live, {attempt, title}: Attempt, reason: 'timeout' | 'lost', detail: string, output?: StepOutput): Promise<null> {
  const {run} = ledger.state()
  const unknown: Draft = {kind: 'step.unknown', data: {run, step: attemptOf(step.instance, attempt), reason, detail, ...output}}
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

import type {Draft, Recorded} from '../incident/events.ts'
import {Fault} from '../lib/fault.ts'
import {afterFailure, again} from './after-failure.ts'
import {beginStep} from './begin-step.ts'
import {type Drive, evaluator, isInterrupted, type Parked, type Turn} from './drive.ts'
import {ExpressionError, openExpressions} from './expressions.ts'
import {findingLine} from './finding.ts'
import {countsOf, foldRun, type RunState, type StepState} from './fold.ts'
import {openLedger} from './ledger.ts'
import {type Loaded, loadRunbook} from './load.ts'
import {askManual} from './manual-step.ts'
import {interruptedAt} from './parking.ts'
import type {JsonMap, RunPorts} from './ports.ts'
import {render} from './render.ts'
import type {Runbook, Step} from './runbook.ts'
import {diedHere, settleUnknown} from './settle-unknown.ts'
import {waitUntilDue} from './wait-step.ts'
import {waitUntilTrue} from './wait-until-step.ts'

export interface DriveOptions {
  readonly by: string
  /** Answers confirms, and nothing else. */
  readonly yes: boolean
  /** First Ctrl-C, SIGTERM, SIGHUP. */
  readonly stop: AbortSignal
  /** Second Ctrl-C. */
  readonly kill: AbortSignal
}

export interface StartOptions extends DriveOptions {
  /** Made by `ids.run()`. */
  readonly run: string
  /** Of `checkInputs`. */
  readonly inputs: JsonMap
  /** `auto`: nobody is asked. */
  readonly mode: 'person' | 'auto'
  readonly workspaceSha256?: string
}

export interface RunResult {
  readonly run: string
  readonly outcome: 'done' | 'done_with_failures' | 'parked' | 'aborted'
  readonly exit: 0 | 1 | 3 | 4 | 130
  /** Where it is parked, why, and the commands that move it on. */
  readonly step: string | null
  readonly reason: Parked['reason'] | null
  readonly needs: string | null
  readonly answers: readonly string[]
  readonly counts: Readonly<Record<string, number>>
  readonly outputs: JsonMap
  readonly rodsIn: readonly string[]
  /** What is recorded here and did not reach the outside: exit 3. */
  readonly undelivered: readonly string[]
}

/** Pins the text, then drives the run until it is done or parked. @throws whatever `append` throws: the run stays resumable */
export async function startRun(ports: RunPorts, loaded: Loaded, options: StartOptions): Promise<RunResult> {
  const {runbook, text, sha256, path} = loaded
  const {run, inputs, mode, workspaceSha256} = options
  const data = {run, runbook: runbook.id, title: runbook.title, text, sha256, path, inputs, mode}
  const started: Draft = {kind: 'run.started', data: {...data, ...(workspaceSha256 !== undefined && {workspaceSha256})}}
  const events = await ports.append([started])
  const state = foldRun(run, events)
  if (!state) throw new Error('append answered without the run.started it was given')
  const drive = openDrive(ports, runbook, state, options)
  ports.tell({event: 'run.started', at: state.startedAt, run, title: runbook.title})
  return driveOn(drive)
}

/**
 * Takes a run up where its events end, with the text it was started with. What is finished is never done again; what
 * began and has no outcome is settled by its policy first.
 * @throws Fault run.not-found · guard.refused (it has ended) · runbook.invalid (this scram cannot read the pinned text)
 */
export async function resumeRun(ports: RunPorts, events: readonly Recorded[], options: DriveOptions & {readonly run: string}): Promise<RunResult> {
  const state = foldRun(options.run, events)
  if (!state) throw new Fault('run.not-found', `no run ${options.run} in the record`)
  if (state.ended) throw new Fault('guard.refused', `run ${options.run} has ended: ${state.ended.outcome}`)
  const loading = loadRunbook(state.path, state.text)
  if (!loading.ok) throw new Fault('runbook.invalid', 'this scram cannot read the text the run was started with', {hints: loading.findings.map(findingLine)})
  const drive = openDrive(ports, loading.loaded.runbook, state, options)
  await drive.ledger.commit([{kind: 'run.resumed', data: {run: state.run, by: options.by}}], {event: 'run.resumed', title: state.title})
  return driveOn(drive)
}

/** Ends a run for good. What is in flight stays as it is recorded: unknown things do not become known by giving up. */
export async function abortRun(ports: RunPorts, events: readonly Recorded[], options: {readonly run: string; readonly why: string}): Promise<RunResult> {
  const state = foldRun(options.run, events)
  if (!state) throw new Fault('run.not-found', `no run ${options.run} in the record`)
  if (state.ended) throw new Fault('guard.refused', `run ${options.run} has ended: ${state.ended.outcome}`)
  const {rods} = await ports.state()
  const counts = countsOf(state)
  const finished: Draft = {kind: 'run.finished', data: {run: state.run, outcome: 'aborted', counts, rodsIn: rods.in, why: options.why}}
  await openLedger(ports, state).commit([finished], {event: 'run.finished', title: state.title, detail: 'aborted'})
  return {...nothingMore, run: state.run, outcome: 'aborted', exit: 0, counts, rodsIn: rods.in}
}

const nothingMore = {step: null, reason: null, needs: null, answers: [], outputs: {}, undelivered: []} as const

function openDrive(ports: RunPorts, runbook: Runbook, state: RunState, {by, yes, stop, kill}: DriveOptions): Drive {
  return {ports, runbook, expressions: openExpressions(runbook, ports.actions), ledger: openLedger(ports, state), yes, by, stop, kill, undelivered: []}
}

async function driveOn(drive: Drive): Promise<RunResult> {
  for (const step of drive.runbook.steps) {
    for (let seen = stateOf(drive, step); !isSettled(seen); seen = stateOf(drive, step)) {
      const parked = isInterrupted(drive) ? interruptedAt(drive, step) : await turn(drive, step, seen)
      if (parked) return park(drive, parked)
    }
  }
  return finish(drive)
}

const stateOf = ({ledger}: Drive, {instance}: Step) => ledger.state().steps[instance]

function isSettled(seen: StepState | undefined): boolean {
  return seen?.status === 'finished' || seen?.status === 'skipped' || (seen?.status === 'failed' && seen.handled)
}

/** Every turn records something or parks: a run that is driven always comes to an end. */
async function turn(drive: Drive, step: Step, seen: StepState | undefined): Promise<Turn> {
  switch (seen?.status) {
    case undefined:
      return beginStep(drive, step)
    case 'again':
      return again(drive, step, seen)
    case 'started':
      if (step.kind === 'manual') return askManual(drive, step, seen)
      if (step.kind === 'wait') return waitUntilDue(drive, step, seen)
      if (step.kind === 'wait_until') return waitUntilTrue(drive, step, seen)
      return diedHere(drive, step, seen)
    case 'unknown':
      return settleUnknown(drive, step, seen)
    case 'failed':
      return afterFailure(drive, step, seen)
    case 'finished':
    case 'skipped':
      return null
    default:
      return seen satisfies never
  }
}

async function park(drive: Drive, {step, reason, needs, answers, exit}: Parked): Promise<RunResult> {
  const {ledger, ports, undelivered} = drive
  const {run, title} = ledger.state()
  const parked: Draft = {kind: 'run.parked', data: {run, step, reason, needs, answers, exit}}
  await ledger.commit([parked], {event: 'run.parked', step, title, detail: needs})
  const {rods} = await ports.state()
  return {run, outcome: 'parked', exit, step, reason, needs, answers, counts: countsOf(ledger.state()), outputs: {}, rodsIn: rods.in, undelivered}
}

async function finish(drive: Drive): Promise<RunResult> {
  const {ledger, ports, undelivered} = drive
  const {run, title, steps} = ledger.state()
  await ledger.commit()
  const {rods} = await ports.state()
  const outputs = await outputsOf(drive)
  const outcome = Object.values(steps).some(({status}) => status === 'failed') ? 'done_with_failures' : 'done'
  const counts = countsOf(ledger.state())
  const finished: Draft = {kind: 'run.finished', data: {run, outcome, counts, rodsIn: rods.in, ...(Object.keys(outputs).length > 0 && {outputs})}}
  await ledger.commit([finished], {event: 'run.finished', title, detail: outcome})
  const exit = outcome === 'done_with_failures' ? 1 : undelivered.length > 0 ? 3 : 0
  return {...nothingMore, run, outcome, exit, counts, outputs, rodsIn: rods.in, undelivered}
}

/** An output whose step was skipped or failed is absent: a run does not fail after its work is done. */
async function outputsOf(drive: Drive): Promise<JsonMap> {
  const evaluate = await evaluator(drive, ['rods', 'incident'])
  const entries = Object.entries(drive.runbook.outputs).flatMap(([name, template]) => {
    try {
      return [[name, render(template, evaluate)] as const]
    } catch (error) {
      if (error instanceof ExpressionError) return []
      throw error
    }
  })
  return Object.fromEntries(entries)
}

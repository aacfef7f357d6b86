import type {Draft, PinnedTexts, PromisePolicy, Recorded} from '../incident/events.ts'
import {Fault} from '../lib/fault.ts'
import {type Drive, expressionsFor, type Parked} from './drive.ts'
import {outputsOf} from './drive-call.ts'
import {driveStep} from './drive-step.ts'
import {countsOf, foldRun, type RunState} from './fold.ts'
import {type Frame, live, topFrame} from './frames.ts'
import {type Ledger, openLedger} from './ledger.ts'
import type {Opened} from './load.ts'
import type {JsonMap, RunPorts} from './ports.ts'
import type {Runbook, Updates} from './runbook.ts'
import {driveList} from './walk.ts'

export interface DriveOptions {
  readonly by: string
  /** Answers confirms, and nothing else. */
  readonly yes: boolean
  /** Asks before each step; wants `ports.ask`. */
  readonly stepwise?: boolean
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
  /** Where it began: it is resumed there. */
  readonly workspace?: string
  readonly workspaceSha256?: string
  /** Instance before which everything is left out. */
  readonly from?: string
  /** Hash of the plan that was agreed on. */
  readonly plan?: string
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

/** Pins the texts, then drives the run until it is done or parked. @throws whatever `append` throws: the run stays resumable */
export async function startRun(ports: RunPorts, loaded: Opened, options: StartOptions): Promise<RunResult> {
  const {runbook, text, sha256, path, called} = loaded
  const {run, inputs, mode, workspace, workspaceSha256, from, plan} = options
  const more = {
    ...(workspace !== undefined && {workspace}),
    ...(workspaceSha256 !== undefined && {workspaceSha256}),
    ...(from !== undefined && {from}),
    ...(plan !== undefined && {plan}),
  }
  const data = {
    run,
    runbook: runbook.id,
    title: runbook.title,
    text,
    sha256,
    path,
    inputs,
    mode,
    ...more,
    ...(Object.keys(called).length > 0 && {called: textsOf(called)}),
    ...(runbook.updates && {updates: policyOf(runbook.updates)}),
  }
  const events = await ports.append([{kind: 'run.started', data}])
  const state = foldRun(run, events)
  if (!state) throw new Error('append answered without the run.started it was given')
  const drive = openDrive(ports, runbook, state, options)
  ports.tell({event: 'run.started', at: state.startedAt, run, title: runbook.title})
  return driveOn(drive)
}

/** Texts of called runbooks, as a run pins them. */
function textsOf(called: Opened['called']): PinnedTexts {
  return Object.fromEntries(Object.entries(called).map(([id, {text, sha256, path}]) => [id, {text, sha256, path}]))
}

/** What the clock needs once this process is gone. */
function policyOf({mode, fallback, everyMs, atMostMs}: Updates): PromisePolicy {
  return {mode, everyMs, ...(fallback !== null && {fallback}), ...(atMostMs !== null && {atMostMs})}
}

/**
 * Takes a run up where its events end, with the texts it was started with. What is finished is never done again; what
 * began and has no outcome is settled by its policy first.
 * @throws Fault run.not-found · guard.refused (it has ended) · runbook.invalid (this scram cannot read the pinned text)
 */
export async function resumeRun(
  ports: RunPorts,
  events: readonly Recorded[],
  options: DriveOptions & {readonly run: string; readonly amend?: Opened},
): Promise<RunResult> {
  const state = openState(options.run, events)
  const runbook = options.amend?.runbook ?? (await import('./pinned.ts')).pinnedRunbook(state)
  const drive = openDrive(ports, runbook, state, options)
  const drafts: Draft[] = [{kind: 'run.resumed', data: {run: state.run, by: options.by}}]
  if (options.amend)
    drafts.push({kind: 'run.amended', data: {run: state.run, text: options.amend.text, sha256: options.amend.sha256, called: textsOf(options.amend.called)}})
  await drive.ledger.commit(drafts, {event: 'run.resumed', title: state.title})
  return driveOn(drive)
}

/**
 * Ends a run for good, after its `on_abort`; one whose text this scram cannot read ends without. What is in flight stays
 * as it is recorded: unknown things do not become known by giving up.
 * @throws Fault run.not-found · guard.refused (it has ended)
 */
export async function abortRun(
  ports: RunPorts,
  events: readonly Recorded[],
  options: {readonly run: string; readonly why: string; readonly by: string},
): Promise<RunResult> {
  const state = openState(options.run, events)
  const loading = (await import('./pinned.ts')).loadPinned(state)
  const ledger = loading.ok ? await doOnAbort({...ports, ask: null}, loading.loaded.runbook, state, options.by) : openLedger(ports, state)
  const {rods} = await ports.state()
  const counts = countsOf(ledger.state())
  const finished: Draft = {kind: 'run.finished', data: {run: state.run, outcome: 'aborted', counts, rodsIn: rods.in, why: options.why}}
  await ledger.commit([finished], {event: 'run.finished', title: state.title, detail: 'aborted'})
  return {...nothingMore, run: state.run, outcome: 'aborted', exit: 0, counts, rodsIn: rods.in}
}

async function doOnAbort(ports: RunPorts, runbook: Runbook, state: RunState, by: string): Promise<Ledger> {
  const {signal} = new AbortController()
  const drive = openDrive(ports, runbook, state, {by, yes: false, stop: signal, kill: signal})
  const frame: Frame = {...topFrame(runbook, state.inputs), list: runbook.onAbort, prefix: 'on_abort/', bodies: ['']}
  for (const step of runbook.onAbort) await driveStep(drive, live(frame, {...step, onFailure: 'continue'}))
  return drive.ledger
}

const nothingMore = {step: null, reason: null, needs: null, answers: [], outputs: {}, undelivered: []} as const

function openState(run: string, events: readonly Recorded[]): RunState {
  const state = foldRun(run, events)
  if (!state) throw new Fault('run.not-found', `no run ${run} in the record`)
  if (state.ended) throw new Fault('guard.refused', `run ${run} has ended: ${state.ended.outcome}`)
  return state
}

function openDrive(ports: RunPorts, runbook: Runbook, state: RunState, {by, yes, stepwise = false, stop, kill}: DriveOptions): Drive {
  const expressionsOf = expressionsFor(ports.actions)
  return {ports, runbook, expressionsOf, ledger: openLedger(ports, state), yes, stepwise, isBranch: false, by, stop, kill, undelivered: []}
}

async function driveOn(drive: Drive): Promise<RunResult> {
  const top = topFrame(drive.runbook, drive.ledger.state().inputs)
  for (;;) {
    const halt = await driveList(drive, top)
    if (halt !== 'rewind') return halt ? park(drive, halt) : finish(drive, top)
  }
}

async function park(drive: Drive, {step, reason, needs, answers, exit, approval}: Parked): Promise<RunResult> {
  const {ledger, ports, undelivered} = drive
  const {run, title} = ledger.state()
  const parked: Draft = {kind: 'run.parked', data: {run, step, reason, needs, answers, exit, ...(approval && {approval})}}
  await ledger.commit([parked], {event: 'run.parked', step, title, detail: needs})
  const {rods} = await ports.state()
  return {run, outcome: 'parked', exit, step, reason, needs, answers, counts: countsOf(ledger.state()), outputs: {}, rodsIn: rods.in, undelivered}
}

async function finish(drive: Drive, top: Frame): Promise<RunResult> {
  const {ledger, ports, undelivered} = drive
  const {run, title, steps} = ledger.state()
  await ledger.commit()
  const {rods} = await ports.state()
  const outputs = await outputsOf(drive, drive.runbook, top)
  const outcome = Object.values(steps).some(({status}) => status === 'failed') ? 'done_with_failures' : 'done'
  const counts = countsOf(ledger.state())
  const finished: Draft = {kind: 'run.finished', data: {run, outcome, counts, rodsIn: rods.in, ...(Object.keys(outputs).length > 0 && {outputs})}}
  await ledger.commit([finished], {event: 'run.finished', title, detail: outcome})
  const exit = outcome === 'done_with_failures' ? 1 : undelivered.length > 0 ? 3 : 0
  return {...nothingMore, run, outcome, exit, counts, outputs, rodsIn: rods.in, undelivered}
}

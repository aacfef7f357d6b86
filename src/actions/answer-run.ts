import type {Draft} from '../incident/events.ts'
import {boardProjection, incidentProjection} from '../incident/projections.ts'
import type {Lease} from '../journal/journal.ts'
import {Fault} from '../lib/fault.ts'
import {answerDone, answerRetry, answerSkip, type DoneOptions} from '../runbook/answers.ts'
import type {RunResult} from '../runbook/engine.ts'
import {foldRun, type RunState} from '../runbook/fold.ts'
import {instanceOf} from '../runbook/identity.ts'
import type {Desk} from './desk.ts'
import {resumeRun} from './resume-run.ts'
import {holdRun, underLease, whileHeld} from './run-lease.ts'
import {runEvents, runPorts} from './run-ports.ts'
import {findOwnRun, findRun, type RunRunbook, type Signals} from './run-runbook.ts'
import {refuseElsewhere} from './run-workspace.ts'
import {isDriven} from './runs-now.ts'

export interface AnswerRun {
  readonly verb: 'done' | 'skip' | 'retry'
  readonly run?: string | undefined
  readonly step?: string | undefined
  readonly why?: string | undefined
  readonly outputs?: Readonly<Record<string, string>> | undefined
  readonly evidence?: string | undefined
}

/** What was recorded for a run that somebody else drives: they go on with it. */
export interface Answered {
  readonly run: string
  readonly step: string
  /** Null: nobody drives it. */
  readonly driver: string | null
  /** Approvals: who is still needed; null: it is enough. */
  readonly needs: string | null
}

/**
 * Answers for a step that waits. Nobody drives the run: goes on with it. Somebody does: the answer is recorded, and they
 * go on within a moment.
 * @throws Fault guard.refused (it does not wait) · usage.ambiguous · usage.missing
 */
export async function answerRun(desk: Desk, answer: AnswerRun, drive: Pick<RunRunbook, 'yes' | 'tell'>, signals: Signals): Promise<RunResult | Answered> {
  const {run, incident, events} = await findOwnRun(desk, answer.run)
  const hold = await holdRun(desk, run)
  const journal = await desk.journal()
  // Read once it is known who drives: whoever did until now may have answered and gone on.
  const drafts = async () => draftsOf(stateOf(run, foldRun(run, await runEvents(desk, run))), answer, desk.actor.name, !hold.held)
  const record = async (lease?: Lease) => {
    const said = await drafts()
    await journal.append(incident, said, lease ? {fence: lease} : {})
    return stepOf(said)
  }
  if (!hold.held) return goOn(desk, {run, step: await record(), driver: hold.holder, needs: null}, drive, signals)
  const step = await whileHeld(desk, run, hold, async lease => {
    await refuseElsewhere(desk, run, events)
    return record(lease)
  })
  return goOn(desk, {run, step, driver: null, needs: null}, drive, signals)
}

/** Drives the run, or leaves it to who does; as often as somebody else's answer comes in between. */
async function goOn(desk: Desk, answered: Answered, drive: Pick<RunRunbook, 'yes' | 'tell'>, signals: Signals): Promise<RunResult | Answered> {
  const {run} = answered
  let {driver} = answered
  for (let tries = 0; tries < MOST_ANSWERS && (driver === null || (await isLeftAlone(desk, run, signals.stop))); tries++) {
    try {
      return await resumeRun(desk, run, drive, signals)
    } catch (error) {
      // Taken, or at its end, by the hand of another: what was answered here is recorded all the same.
      if (!(error instanceof Fault) || (error.code !== 'run.busy' && error.code !== 'run.not-found')) throw error
      driver = (await (await desk.journal()).leaseHolder(`run/${run}`))?.holder ?? 'another command'
    }
  }
  return {...answered, driver}
}

/** So many people answer one run in the same moment at most. */
const MOST_ANSWERS = 5
/** Long enough for another command to record its answer, or to begin to drive. */
const HANDOVER_MS = 2000
const LOOK_MS = 50

/**
 * Whoever held the lease of a parked run may only have been answering, like us, and came second: then nobody goes on with
 * it but us. A driver shows at once that it drives: the run is parked no more.
 */
async function isLeftAlone(desk: Desk, run: string, stop: AbortSignal): Promise<boolean> {
  const journal = await desk.journal()
  for (let waited = 0; waited < HANDOVER_MS; waited += LOOK_MS) {
    if (!foldRun(run, await runEvents(desk, run))?.parked) return false
    if (!(await isDriven(journal, run))) return true
    await desk.clock.sleep(LOOK_MS, stop)
  }
  return false
}

export interface ApproveRun {
  readonly run?: string | undefined
  readonly step?: string | undefined
  readonly why?: string | undefined
}

/** Another person's yes. Only recorded: whoever drives the run goes on. @throws Fault guard.refused · usage.ambiguous */
export async function approveRun(desk: Desk, {run: part, step, why}: ApproveRun): Promise<Answered> {
  const {run, incident, events} = await findRun(desk, part)
  const state = stateOf(run, foldRun(run, events))
  const [{answerApprove}, {pinnedRunbook}, {liveAt}, {isEnough, needsOf}] = await Promise.all([
    import('../runbook/answer-approve.ts'),
    import('../runbook/pinned.ts'),
    import('../runbook/place.ts'),
    import('../runbook/approve-step.ts'),
  ])
  const journal = await desk.journal()
  const {roles} = await journal.fold(incidentProjection(incident))
  const by = desk.actor.name
  const held = Object.entries(roles).flatMap(([role, name]) => (name === by ? [role] : []))
  const runbook = pinnedRunbook(state)
  const drafts = answerApprove(state, runbook, {step, by, roles: held, why})
  await journal.append(incident, drafts)
  desk.notice(await journal.fold(boardProjection), true)
  const instance = stepOf(drafts)
  const given = [...(state.approvals[instance] ?? []), {by, role: null, isOverride: false}]
  const approve = liveAt({runbook, ledger: {state: () => state}}, instance)?.approve
  return {
    run,
    step: instance,
    driver: (await isDriven(journal, run)) ? state.driver : null,
    needs: approve && !isEnough(given, approve, state.driver) ? needsOf(given, approve, state.driver) : null,
  }
}

function stateOf(run: string, state: RunState | null): RunState {
  if (!state) throw new Fault('run.not-found', `the record of run ${run} has no beginning`)
  return state
}

function stepOf(drafts: readonly Draft[]): string {
  const [first] = drafts
  return first && 'step' in first.data && typeof first.data.step === 'string' ? instanceOf(first.data.step).instance : ''
}

async function draftsOf(state: RunState, {verb, step, why, outputs, evidence}: AnswerRun, by: string, isDriven: boolean): Promise<readonly Draft[]> {
  if (verb === 'done')
    return answerDone(state, {step, by, why, outputs, evidence, isDriven, ...(outputs && hasUnknown(state) && {declares: await declaredIn(state)})})
  return verb === 'skip' ? answerSkip(state, {step, by, why, isDriven}) : answerRetry(state, {step, by, why, isDriven})
}

/** Only then outputs are not those of a manual step, whose record says what it wants: the runbook need not be read. */
function hasUnknown({steps}: RunState): boolean {
  return Object.values(steps).some(({status, kind}) => status === 'unknown' || (status === 'started' && kind !== 'manual'))
}

/** What a step would have answered, by instance: read only for whom says what came out of it. */
async function declaredIn(state: RunState): Promise<NonNullable<DoneOptions['declares']>> {
  const [{pinnedRunbook}, {liveAt}, {outputsOf}, {actionTable}] = await Promise.all([
    import('../runbook/pinned.ts'),
    import('../runbook/place.ts'),
    import('../runbook/step-outputs.ts'),
    import('./table.ts'),
  ])
  const runbook = pinnedRunbook(state)
  return instance => {
    const step = liveAt({runbook, ledger: {state: () => state}}, instance)
    return step ? outputsOf(step, actionTable) : {}
  }
}

/** Ends a run for good; what is inserted stays inserted and is named. @throws Fault run.busy: end its driver first */
export async function abortRun(desk: Desk, part: string | undefined, why: string): Promise<RunResult> {
  const {abortRun: abort} = await import('../runbook/engine.ts')
  const {run, incident} = await findOwnRun(desk, part)
  return underLease(desk, run, async lease => {
    const ports = runPorts(desk, {run, incident, lease, tell: () => undefined, stop: new AbortController().signal})
    return abort(ports, await runEvents(desk, run), {run, why, by: desk.actor.name})
  })
}

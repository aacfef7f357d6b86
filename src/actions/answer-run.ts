import type {Draft} from '../incident/events.ts'
import {Fault} from '../lib/fault.ts'
import {answerDone, answerRetry, answerSkip} from '../runbook/answers.ts'
import {abortRun as abort, type RunResult} from '../runbook/engine.ts'
import {foldRun, type RunState} from '../runbook/fold.ts'
import type {Desk} from './desk.ts'
import {runPorts} from './run-ports.ts'
import {findRun, type RunRunbook, resumeRun, type Signals, underLease} from './run-runbook.ts'

export interface AnswerRun {
  readonly verb: 'done' | 'skip' | 'retry'
  readonly run?: string | undefined
  readonly step?: string | undefined
  readonly why?: string | undefined
  readonly outputs?: Readonly<Record<string, string>> | undefined
  readonly evidence?: string | undefined
}

/** Answers for a step that waits, then goes on with the run. @throws Fault guard.refused (it does not wait) · run.busy */
export async function answerRun(desk: Desk, answer: AnswerRun, drive: Pick<RunRunbook, 'yes' | 'tell'>, signals: Signals): Promise<RunResult> {
  const {run, incident, events} = await findRun(desk, answer.run)
  const state = foldRun(run, events)
  if (!state) throw new Fault('run.not-found', `the record of run ${run} has no beginning`)
  await underLease(desk, run, async lease => (await desk.journal()).append(incident, draftsOf(state, answer, desk.actor.name), {fence: lease}))
  return resumeRun(desk, run, drive, signals)
}

function draftsOf(state: RunState, {verb, step, why, outputs, evidence}: AnswerRun, by: string): readonly Draft[] {
  if (verb === 'done') return answerDone(state, {step, by, why, outputs, evidence})
  return verb === 'skip' ? answerSkip(state, {step, by, why}) : answerRetry(state, {step, by, why})
}

/** Ends a run for good; what is inserted stays inserted and is named. */
export async function abortRun(desk: Desk, part: string | undefined, why: string): Promise<RunResult> {
  const {run, incident, events} = await findRun(desk, part)
  return underLease(desk, run, lease => abort(runPorts(desk, {run, incident, lease, tell: () => undefined}), events, {run, why, by: desk.actor.name}))
}

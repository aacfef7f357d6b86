import {boardProjection} from '../incident/projections.ts'
import {Fault} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'
import {type Checked, checkRunbook as check} from '../runbook/check.ts'
import {type Finding, findingLine} from '../runbook/finding.ts'
import type {JsonMap} from '../runbook/ports.ts'
import {differences} from '../runbook/run-plan.ts'
import {checkPorts} from './check-ports.ts'
import type {Desk} from './desk.ts'
import {keepPlan, readPlan} from './kept-plans.ts'
import {meantIncident} from './meant-incident.ts'
import {openLinted} from './open-linted.ts'
import {inputsOf} from './run-inputs.ts'

export interface CheckRunbook {
  readonly runbook: string
  readonly inputs: Readonly<Record<string, string>>
}

export interface CheckedRunbook {
  readonly runbook: string
  readonly title: string
  readonly path: string
  readonly inputs: JsonMap
  /** Of lint. With an E among them nothing was walked. */
  readonly lint: readonly Finding[]
  readonly checked: Checked | null
  /** The hash under which the plan was kept; null with findings, or where it could not be kept. */
  readonly kept: string | null
}

/**
 * What a run of it would do now, step by step; only the plan is written, into the home. Probes really look, and nothing
 * else is touched: no event, no request that changes anything, no command but a step's own `check`.
 * @throws Fault as `runRunbook`, before it runs
 */
export async function checkRunbook(desk: Desk, {runbook: id, inputs}: CheckRunbook, signal: AbortSignal): Promise<CheckedRunbook> {
  const {
    opened: {runbook, sha256},
    path,
    lint,
  } = await openLinted(desk, id)
  const head = {runbook: runbook.id, title: runbook.title, path, lint}
  if (lint.some(({level}) => level === 'E')) return {...head, inputs: {}, checked: null, kept: null}
  const journal = await desk.journal()
  const incident = (await meantIncident(desk, journal, await journal.fold(boardProjection), 'maybe')) ?? desk.ids.incident(desk.clock.now())
  const values = await inputsOf(desk, runbook, inputs, {incident, run: desk.ids.run()}, signal)
  const checked = await check(await checkPorts(desk, signal), runbook, values, signal)
  const kept = checked.findings.length > 0 ? null : keepPlan(desk, {runbook: id, sha256, inputs: values, plan: checked.plan})
  return {...head, inputs: values, checked, kept}
}

/** What a person types to run it with these inputs. */
export function runCommand(runbook: string, inputs: JsonMap): string {
  const given = Object.entries(inputs).map(([id, value]) => `--input ${shellQuote(`${id}=${typeof value === 'string' ? value : JSON.stringify(value)}`)}`)
  return ['scram run', shellQuote(runbook), ...given].join(' ')
}

/**
 * Holds today's plan against the one that was agreed on; answers with its whole hash, for the record.
 * @throws Fault file.not-found: no such plan · usage.ambiguous · guard.refused: it is another plan now
 */
export async function agreedPlan(desk: Desk, given: CheckRunbook, part: string, signal: AbortSignal): Promise<string> {
  const {hash, entries} = readPlan(desk, part)
  const {lint, checked} = await checkRunbook(desk, given, signal)
  const again = `${runCommand(given.runbook, given.inputs)} --check`
  if (!checked) throw new Fault('guard.refused', 'the runbook does not check any more', {hints: [...lint.map(findingLine), again]})
  if (checked.findings.length > 0) throw new Fault('guard.refused', 'the plan would not go through any more', {hints: [...checked.findings, again]})
  if (checked.plan.hash === hash) return hash
  throw new Fault('guard.refused', `today's plan is not the one that was agreed on (${hash.slice(0, 12)})`, {
    hints: [...differences(entries, checked.plan.entries), again],
  })
}

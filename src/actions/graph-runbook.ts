import {boardProjection} from '../incident/projections.ts'
import {Fault} from '../lib/fault.ts'
import {shortId} from '../lib/ids.ts'
import {graphText, NO_MARKS} from '../runbook/graph.ts'
import {graphMermaid} from '../runbook/mermaid.ts'
import type {Desk} from './desk.ts'
import {showRunbook} from './list-runbooks.ts'
import {runEvents} from './run-ports.ts'
import {isDriven} from './runs-now.ts'

export interface RunbookGraph {
  readonly id: string
  readonly format: 'text' | 'mermaid'
  /** Whose marks it carries. */
  readonly run: string | null
  readonly lines: readonly string[]
}

/**
 * The shape of a runbook, as lines; with `run` (any unique part, also of one that has ended) the text that run was started
 * with, and how each of its steps stands. Only reads.
 * @throws Fault runbook.not-found · runbook.invalid · run.not-found · usage.ambiguous · usage.invalid (a run of another runbook)
 */
export async function graphRunbook(desk: Desk, id: string, format: RunbookGraph['format'], run?: string): Promise<RunbookGraph> {
  const drawn = format === 'text' ? graphText : graphMermaid
  if (run === undefined) {
    const {runbook} = await showRunbook(desk, id)
    return {id: runbook.id, format, run: null, lines: drawn(runbook, NO_MARKS)}
  }
  const [{foldRun}, {pinnedRunbook}, {marksOf}] = await Promise.all([
    import('../runbook/fold.ts'),
    import('../runbook/pinned.ts'),
    import('../runbook/marks.ts'),
  ])
  const found = await anyRun(desk, run)
  const state = foldRun(found, await runEvents(desk, found))
  if (!state) throw new Fault('run.not-found', `the record of run ${found} has no beginning`)
  if (state.runbook !== id) {
    throw new Fault('usage.invalid', `run ${shortId(found)} is one of ${state.runbook}, not of ${id}`, {
      hints: [`scram runbook graph ${state.runbook} --run ${shortId(found)}`],
    })
  }
  const isCut = !state.parked && !state.ended
  const hasDriver = isCut && (await isDriven(await desk.journal(), found))
  return {id: state.runbook, format, run: found, lines: drawn(pinnedRunbook(state), marksOf(state, hasDriver))}
}

/** One that waits first: they are the few; else any there ever was. */
async function anyRun(desk: Desk, part: string): Promise<string> {
  const journal = await desk.journal()
  const wanted = part.toLowerCase()
  const open = Object.keys((await journal.fold(boardProjection)).runs).filter(run => run.includes(wanted))
  const all = open.length > 0 ? open : (await journal.events({kinds: ['run.started']})).flatMap(event => (isOf(event, wanted) ? [event.data.run] : []))
  const [only, another] = all
  if (another !== undefined) throw new Fault('usage.ambiguous', `several runs match "${part}": ${all.slice(0, 5).map(shortId).join(', ')}`)
  if (only === undefined) throw new Fault('run.not-found', `no run matches "${part}"`, {hints: ['scram status']})
  return only
}

function isOf(event: {readonly data: unknown}, part: string): event is {readonly data: {readonly run: string}} {
  const {data} = event
  return typeof data === 'object' && data !== null && 'run' in data && typeof data.run === 'string' && data.run.includes(part)
}

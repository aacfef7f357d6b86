import {maybeIn} from '../incident/board-state.ts'
import type {Recorded, TestedMove} from '../incident/events.ts'
import {boardProjection} from '../incident/projections.ts'
import {Fault} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'
import {type CheckedRod, checkRod} from './check-rod.ts'
import type {Desk} from './desk.ts'
import {insertRod} from './insert-rod.ts'
import type {MovedRod} from './move-rod.ts'
import {recordIntention} from './record-intention.ts'
import {withdrawRod} from './withdraw-rod.ts'

export interface TestRod {
  readonly rod: string
  /** Insert and withdraw it for real. */
  readonly exercise: boolean
  readonly overrides?: readonly string[] | undefined
}

export interface TestedRod extends CheckedRod {
  readonly rod: string
  /** Null: it was only looked at. */
  readonly exercise: {readonly in: TestedMove; readonly out: TestedMove; readonly passed: boolean; readonly problems: readonly string[]} | null
}

/** One rod, or without a name every rod of the workspace, one after another: their probes may share what they load. */
export async function testRods(
  desk: Desk,
  {rod, ...how}: Omit<TestRod, 'rod'> & {readonly rod: string | undefined},
  signal: AbortSignal,
): Promise<readonly TestedRod[]> {
  const ids = rod === undefined ? (await desk.rods()).ids() : [rod]
  const tested: TestedRod[] = []
  for (const id of ids) tested.push(await testRod(desk, {rod: id, ...how}, signal))
  return tested
}

/**
 * Rods rot: this finds out before the outage does. Looks at everything a move would touch and moves nothing; with
 * `exercise` it also inserts the rod, verifies, withdraws, verifies, each a recorded move of its own, and records the times.
 * @throws Fault guard.refused (the rod is in, or an incident is open) · rod.not-found · interrupted: a move is open then
 */
async function testRod(desk: Desk, {rod: id, exercise, overrides = []}: TestRod, signal: AbortSignal): Promise<TestedRod> {
  const rod = await (await desk.rods()).get(id).catch((error: unknown) => {
    if (error instanceof Fault && error.code === 'rod.not-found') throw error
    return null // what is wrong with it is a finding
  })
  const board = await (await desk.journal()).fold(boardProjection)
  desk.notice(board)
  const state = board.rods[id]
  if (exercise) {
    if (state && maybeIn(state))
      throw new Fault('guard.refused', `${id} is not known to be withdrawn (${state.status}): it is in use, not to be exercised`, {
        hints: [`scram rod show ${shellQuote(id)}`],
      })
    if (Object.keys(board.open).length > 0 && !overrides.includes('incident')) {
      throw new Fault('guard.refused', 'an incident is open: nobody practises now (rule incident)', {
        hints: [`scram rod test ${shellQuote(id)} --exercise --override incident`],
      })
    }
    // Refused before anything moves: an exercise that may not take its rod out again would leave it in.
    if (rod && Math.max(rod.rules.approvals.insert, rod.rules.approvals.withdraw) > 1 && !overrides.includes('approvals')) {
      throw new Fault('guard.refused', `${id} takes more than one person to move, and an exercise is moved by one (rule approvals)`, {
        hints: [`scram rod test ${shellQuote(id)} --exercise --override approvals`],
      })
    }
  }
  const checked = await checkRod(desk, id, signal)
  const isFit = checked.fault === null && !checked.isUnreachable && checked.checks.every(({verdict}) => verdict !== 'fail')
  if (!exercise || !isFit) return {...checked, rod: id, exercise: null}
  return {...checked, rod: id, exercise: await exerciseRod(desk, id, overrides, signal)}
}

async function exerciseRod(desk: Desk, id: string, said: readonly string[], signal: AbortSignal): Promise<NonNullable<TestedRod['exercise']>> {
  const startTicks = desk.clock.ticks()
  const why = 'exercise of the rod'
  const overrides = ['cooldown', ...(said.includes('approvals') ? ['approvals'] : [])]
  const record = async (problems: readonly string[], times: {readonly in: TestedMove; readonly out?: TestedMove}) => {
    const result = problems.length === 0 ? 'passed' : 'failed'
    const ms = Math.round(desk.clock.ticks() - startTicks)
    const test = {rod: id, mode: 'exercise', result, ms, ...(problems.length > 0 && {detail: problems.join('; ')}), ...times} as const
    await recordIntention(desk, {intend: 'record-test', test}, {}, {want: 'maybe'})
  }
  const inserted = await insertRod(desk, {rod: id, why, overrides}, signal)
  const problemIn = problemOf('insertion', inserted, 'rod.inserted')
  // Whatever became of the insertion, it does not stay.
  const withdrawn = await withdrawRod(desk, {rod: id, why, overrides}, signal).catch(async (error: unknown) => {
    // It is in and does not come out: the exercise has failed, whoever asks later.
    if (error instanceof Fault && error.code !== 'interrupted') {
      await record(
        [problemIn, `the withdrawal was refused: ${error.message}`].flatMap(problem => problem ?? []),
        {in: timesOf(inserted)},
      )
    }
    throw error
  })
  const problems = [problemIn, problemOf('withdrawal', withdrawn, 'rod.withdrawn')].flatMap(problem => problem ?? [])
  const times = {in: timesOf(inserted), out: timesOf(withdrawn)}
  await record(problems, times)
  return {...times, passed: problems.length === 0, problems}
}

function problemOf(what: string, {outcome}: MovedRod, wanted: Recorded['kind']): string | null {
  return outcome.kind === wanted ? null : `the ${what} ended as ${outcome.kind.replace('rod.', '')}${outcome.data.reason ? `: ${outcome.data.reason}` : ''}`
}

function timesOf({outcome: {data}}: MovedRod): TestedMove {
  const slowest = (times: readonly (number | undefined)[]) => {
    const known = times.filter(ms => ms !== undefined)
    return known.length > 0 ? Math.max(...known) : undefined
  }
  const acknowledgedMs = slowest(data.targets.map(({acknowledged}) => acknowledged?.ms))
  const readBackMs = slowest(data.targets.map(({readBack}) => readBack?.ms))
  const effectiveMs = data.effective?.position === data.to ? data.effective.ms : undefined
  return {...(acknowledgedMs !== undefined && {acknowledgedMs}), ...(readBackMs !== undefined && {readBackMs}), ...(effectiveMs !== undefined && {effectiveMs})}
}

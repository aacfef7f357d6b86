import type {RodState} from '../incident/board-state.ts'
import {boardProjection} from '../incident/projections.ts'
import type {Trouble} from '../journal/journal.ts'
import {Fault} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'
import {checkRod} from './check-rod.ts'
import {headText} from './check-timeline.ts'
import type {Desk} from './desk.ts'
import {checkFolder, checkHome} from './folder-checks.ts'
import type {SetupCheck} from './setup-check.ts'

const OLDEST_NODE = 24

/** Everything an incident will need, looked at before it: each check stands alone, none changes what it looks at. */
export async function checkSetup(desk: Desk, node: {readonly version: string; readonly path: string}, signal: AbortSignal): Promise<readonly SetupCheck[]> {
  return [
    checkNode(node),
    checkHome(desk.home),
    ...(await guarded('journal', () => checkJournal(desk))),
    ...(await guarded('timeline', () => checkRecord(desk))),
    ...(await guarded('workspace', () => checkWorkspace(desk))),
    ...(await guarded('rods', () => checkRods(desk, signal))),
    ...(await guarded('targets', () => checkTargets(desk))),
  ]
}

function checkNode({version, path}: {readonly version: string; readonly path: string}): SetupCheck {
  const isOld = Number.parseInt(version, 10) < OLDEST_NODE
  const hints = isOld ? [`scram needs Node ${OLDEST_NODE} or newer`] : []
  return {what: 'node', verdict: isOld ? 'fail' : 'ok', found: `${version} at ${path}`, hints}
}

/** These still record: in the emergency log, or with times that are off. */
const HARMLESS: readonly Trouble['code'][] = ['pending-emergency', 'clock-skew']

async function checkJournal(desk: Desk): Promise<readonly SetupCheck[]> {
  const journal = await desk.journal()
  const board = await journal.fold(boardProjection)
  const trouble = journal.trouble()
  const stopped = Object.entries(board.stopped)
  const opened: SetupCheck = {what: 'journal', verdict: 'ok', found: `opens; origin ${journal.origin}, epoch ${journal.epoch}`, hints: []}
  return [
    ...(trouble.length === 0 ? [opened] : []),
    ...trouble.map(
      ({code, message, hints}): SetupCheck => ({
        what: 'journal',
        verdict: HARMLESS.includes(code) ? 'warn' : 'fail',
        found: message,
        hints: hints.filter(hint => hint !== 'scram doctor'), // this is it
      }),
    ),
    ...stopped.map(
      ([stream, {seq, reason}]): SetupCheck => ({
        what: 'journal',
        verdict: 'warn',
        found: `the stream ${stream} stopped at ${seq} (${reason})`,
        hints: ['scram timeline streams'],
      }),
    ),
  ]
}

async function checkRecord(desk: Desk): Promise<readonly SetupCheck[]> {
  const {ok, events, heads, flaws} = await (await desk.journal()).verify()
  if (ok)
    return [
      {
        what: 'timeline',
        verdict: 'ok',
        found: `${events === 1 ? '1 event holds' : `${events} events hold`}; ${heads.map(headText).join(', ') || 'no head yet'}`,
        hints: [],
      },
    ]
  const found = flaws.map(({origin, epoch, seq, problem}) => `${origin}/${epoch} at ${seq}: ${problem}`)
  return [{what: 'timeline', verdict: 'fail', found: found.join('; '), hints: ['scram timeline verify']}]
}

async function checkWorkspace(desk: Desk): Promise<readonly SetupCheck[]> {
  const {folder} = await desk.workspace()
  if (folder === null) {
    const hints = ['--workspace DIR or SCRAM_WORKSPACE names the folder that holds it']
    return [{what: 'workspace', verdict: 'warn', found: 'no scram.yaml here or above: no rods, no runbooks, defaults', hints}]
  }
  const problems = await problemsOf('workspace', async () => desk.checkWorkspace?.())
  return problems.length > 0 ? problems : [{what: 'workspace', verdict: 'ok', found: `${folder}/scram.yaml checks`, hints: []}]
}

const LONG_UNUSED_MS = 90 * 24 * 3_600_000

/** Resolves their secrets, reaches every target and every probe, and moves nothing. */
async function checkRods(desk: Desk, signal: AbortSignal): Promise<readonly SetupCheck[]> {
  const shelf = await desk.rods()
  const {rods} = await (await desk.journal()).fold(boardProjection)
  const checks = shelf.ids().map(async (id): Promise<readonly SetupCheck[]> => {
    const {checks, isUnreachable} = await checkRod(desk, id, signal)
    const silent: readonly SetupCheck[] = isUnreachable
      ? [{what: `rod ${id}`, verdict: 'fail', found: 'neither its control side nor its probe answers', hints: [`scram rod test ${id}`]}]
      : []
    return [...checks, ...silent, ...rustyCheck(id, rods[id], desk.clock.now())]
  })
  return (await Promise.all(checks)).flat()
}

function rustyCheck(id: string, state: RodState | undefined, now: number): readonly SetupCheck[] {
  const exercisedAt = state?.exercisedAt ?? null
  const failed = state?.failedExercise
  if (failed)
    return [{what: `rod ${id}`, verdict: 'warn', found: `its exercise failed at ${failed.at}: ${failed.detail}`, hints: [`scram rod test ${shellQuote(id)}`]}]
  if (exercisedAt !== null && now - Date.parse(exercisedAt) <= LONG_UNUSED_MS) return []
  const found = exercisedAt === null ? 'never exercised: nobody knows that it works' : `last exercised ${exercisedAt}, more than 90 days ago`
  return [{what: `rod ${id}`, verdict: 'warn', found, hints: [`scram rod test ${id} --exercise`]}]
}

async function checkTargets(desk: Desk): Promise<readonly SetupCheck[]> {
  const {targets} = await desk.workspace()
  return targets.map(({id, path}) => checkFolder(`target ${id}`, path))
}

async function guarded(what: string, check: () => Promise<readonly SetupCheck[]>): Promise<readonly SetupCheck[]> {
  let checks: readonly SetupCheck[] = []
  const problems = await problemsOf(what, async () => {
    checks = await check()
  })
  return [...checks, ...problems]
}

/** A Fault is a finding; anything else is a bug and passes through. */
async function problemsOf(what: string, look: () => Promise<void>): Promise<readonly SetupCheck[]> {
  try {
    await look()
    return []
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return [{what, verdict: 'fail', found: error.message, hints: error.hints}]
  }
}

import type {Recorded} from '../../incident/events.ts'
import {SimulatedClock} from '../../lib/simulated-clock.ts'
import {abortRun, type DriveOptions, type RunResult, resumeRun, startRun} from '../engine.ts'
import {checkInputs, missingInput} from '../inputs.ts'
import type {Loaded} from '../load.ts'
import type {RunPorts} from '../ports.ts'
import {FakeWorld} from './fake-world.ts'
import {SimulatedCrash, TestGap} from './gap.ts'
import type {OpenRehearsal, Rehearsal, RodMove} from './rehearsal.ts'
import {type AtPoint, type Stage, simulatedProcess} from './simulated-process.ts'
import type {Given, RawCase} from './test-schema.ts'

export const TEST_RUN = 'r-test'
/** Nobody resumes at once. */
const DEAD_MS = 1000

export interface RanCase {
  readonly result: RunResult
  readonly events: readonly Recorded[]
  readonly world: FakeWorld
  /** Simulated. */
  readonly tookMs: number
  /** Where the process could have died, in order, with how many events were recorded by then. */
  readonly points: readonly {readonly where: string; readonly events: number}[]
  /** Keys of `world` and `answers` that nothing asked for; `*` is never among them. */
  readonly unused: {readonly world: readonly string[]; readonly answers: readonly string[]}
}

/**
 * Runs a case once; `dieAt` ends the process at that point, and another one resumes. @throws TestGap · Fault of the
 * inputs, whatever the engine lets pass
 */
export async function runCase(loaded: Loaded, test: RawCase, open: OpenRehearsal, dieAt: number | null = null): Promise<RanCase> {
  const begin = Date.parse(test.start)
  const clock = new SimulatedClock(begin)
  const texts = Object.fromEntries(Object.entries(test.inputs).map(([id, value]) => [id, String(value)]))
  const {values, missing} = checkInputs(loaded.runbook, texts)
  if (missing.length > 0) throw missingInput(missing)
  const rehearsal = await open(clock, TEST_RUN)
  const stage: Stage = {rehearsal, world: new FakeWorld(test.world, await begun(rehearsal, test.given)), clock, test, usedAnswers: new Set()}
  const points: {where: string; events: number}[] = []
  const atPoint: AtPoint = (where, events) => points.push({where, events}) - 1 === dieAt
  const start = {run: TEST_RUN, inputs: values, mode: 'person'} as const
  const result = await untilItEnds(stage, atPoint, async (ports, events) => {
    const came = await (events.length === 0 ? startRun(ports, loaded, {...start, ...drivenBy()}) : resumeRun(ports, events, {run: TEST_RUN, ...drivenBy()}))
    return test.abort === undefined ? came : aborted(ports, came, test.abort)
  })
  const unused = (keys: object, used: ReadonlySet<string>) => Object.keys(keys).filter(key => key !== '*' && !used.has(key))
  return {
    result,
    points,
    events: await stage.rehearsal.events(),
    world: stage.world,
    tookMs: clock.now() - begin,
    unused: {world: unused(test.world, stage.world.used), answers: unused(test.answers, stage.usedAnswers)},
  }
}

/** Records what is so before the run begins; answers with where the rods are. */
async function begun(rehearsal: Rehearsal, {incident, rods_inserted: rods = []}: Given): Promise<readonly RodMove[]> {
  if (incident !== undefined) await rehearsal.say([{kind: 'incident.opened', data: {title: incident, severity: 'SEV2'}}])
  const moves = (await Promise.all(rods.map(rod => rehearsal.movesOf({uses: 'rod/insert', with: {rod, why: 'given by the test'}})))).flat()
  for (const move of moves) {
    await rehearsal.intendRod(move)
    await rehearsal.settleRod(move, null)
  }
  return moves
}

async function aborted(ports: RunPorts, {outcome}: RunResult, why: string): Promise<RunResult> {
  if (outcome !== 'parked') throw new TestGap(`\`abort\`: the run did not park, it came to its end (${outcome})`)
  return abortRun(ports, await ports.events(), {run: TEST_RUN, why, by: 'driver'})
}

type Drive = (ports: RunPorts, events: readonly Recorded[]) => Promise<RunResult>

/** A process, and after its end another; it dies once at most, so the second one comes to an end. */
async function untilItEnds(stage: Stage, atPoint: AtPoint, drive: Drive): Promise<RunResult> {
  let hasDied = false
  const once: AtPoint = (where, events) => !hasDied && atPoint(where, events)
  for (;;) {
    const ports = await simulatedProcess(stage, once)
    try {
      const events = await ports.events()
      const ended = events.find(event => event.kind === 'run.finished')
      return ended ? alreadyEnded(ended) : await drive(ports, events)
    } catch (error) {
      if (!(error instanceof SimulatedCrash) || hasDied) throw error
      hasDied = true
      stage.clock.suspend(DEAD_MS)
    }
  }
}

/** It died after its last event: there is nothing to resume. */
function alreadyEnded({data: {run, outcome, counts, outputs = {}, rodsIn}}: Extract<Recorded, {kind: 'run.finished'}>): RunResult {
  const exit = outcome === 'done_with_failures' ? 1 : 0
  return {run, outcome, exit, step: null, reason: null, needs: null, answers: [], counts, outputs, rodsIn, undelivered: []}
}

function drivenBy(): DriveOptions {
  const {signal} = new AbortController()
  return {by: 'driver', yes: false, stop: signal, kill: signal}
}

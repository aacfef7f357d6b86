import type {Recorded} from '../../incident/events.ts'
import type {Clock} from '../../lib/clock.ts'
import type {SimulatedClock} from '../../lib/simulated-clock.ts'
import {instanceOf} from '../identity.ts'
import type {ActionCall, CommandCall, JsonMap, Performed, Ran, RunPorts, Verified} from '../ports.ts'
import {answerQuestion} from './answer-question.ts'
import type {FakeWorld, Fate} from './fake-world.ts'
import {SimulatedCrash} from './gap.ts'
import type {RecordPorts, Rehearsal, RodMove} from './rehearsal.ts'
import type {RawCase} from './test-schema.ts'

/** Told at every point where a process may end; true: it ends here. */
export type AtPoint = (where: string, events: number) => boolean

export interface Stage {
  readonly rehearsal: Rehearsal
  readonly world: FakeWorld
  readonly clock: SimulatedClock
  readonly test: RawCase
  readonly usedAnswers: Set<string>
}

/** So much record is a loop. */
const MOST_EVENTS = 20_000

/**
 * One process that drives the run: ports over the record, the fake world and the test's answers. Once it has died, no
 * branch of it does anything more.
 */
export async function simulatedProcess({rehearsal, world, clock, test, usedAnswers}: Stage, atPoint: AtPoint): Promise<RunPorts> {
  const record: RecordPorts = await rehearsal.process()
  const life = new AbortController()
  const readers: (() => void)[] = []
  let events = 0

  function point(where: string): void {
    life.signal.throwIfAborted()
    if (events > MOST_EVENTS) throw new Error(`more than ${MOST_EVENTS} events`)
    if (!atPoint(where, events)) return
    life.abort(new SimulatedCrash(where))
    life.signal.throwIfAborted()
  }

  async function around<T extends {readonly length: number}>(where: string, write: () => Promise<T>): Promise<T> {
    point(`before ${where}`)
    const written = await write()
    events += written.length
    point(`after ${where}`)
    return written
  }

  const own: Clock = {
    now: () => clock.now(),
    ticks: () => clock.ticks(),
    sleep: (ms, signal) => clock.sleep(ms, signal ? AbortSignal.any([signal, life.signal]) : life.signal),
  }

  async function take(fate: Fate, signal: AbortSignal): Promise<void> {
    if (fate.afterMs > 0) await own.sleep(fate.afterMs, signal)
    life.signal.throwIfAborted()
  }

  /** The effect itself, between the two points around it; a look has none. */
  async function act(call: ActionCall, fate: Fate, signal: AbortSignal): Promise<Performed> {
    const moves = await rehearsal.movesOf(call)
    for (const move of moves) await rehearsal.intendRod(move)
    point(`before the effect of ${call.instance}`)
    await take(fate, signal)
    if (!fate.failure) world.reach(call, fate.outputs, moves)
    point(`after the effect of ${call.instance}`)
    for (const move of moves) await rehearsal.settleRod(move, fate.failure)
    if (fate.failure) return {end: 'failed', ...fate.failure}
    return {end: 'finished', outputs: {...rodOutputs(moves), ...fate.outputs}}
  }

  async function look(fate: Fate, signal: AbortSignal): Promise<Performed> {
    await take(fate, signal)
    return fate.failure ? {end: 'failed', ...fate.failure} : {end: 'finished', outputs: fate.outputs}
  }

  async function perform(call: ActionCall, signal: AbortSignal): Promise<Performed> {
    life.signal.throwIfAborted()
    const {instance, uses} = call
    if (instance.endsWith('/probe')) return look(world.lookOf(instance, uses), signal)
    if (instance.endsWith('/verify')) return look(world.verifyOf(instance, uses), signal)
    const fate = await world.fateOf(instance, uses, record.events)
    if (uses === 'rod/list') return look({...fate, outputs: {inserted: [...(await record.state()).rods.in], ...fate.outputs}}, signal)
    return act(call, fate, signal)
  }

  async function runCommand({argv, env, secrets: _, ...call}: CommandCall, signal: AbortSignal): Promise<Ran> {
    life.signal.throwIfAborted()
    const fate = await world.fateOf(call.instance, 'run', record.events)
    const ended = await act({...call, uses: 'exec', with: {argv, env}}, fate, signal)
    if (ended.end === 'unknown' || (ended.end === 'failed' && ended.code !== 'exec.exit')) return ended
    if (ended.end === 'failed') return {end: 'exited', exitCode: 1, stdout: '', output: {bytes: ended.message.length, digest: '', tail: ended.message}}
    const {text} = ended.outputs
    return {end: 'exited', exitCode: 0, stdout: Object.keys(ended.outputs).length === 1 && typeof text === 'string' ? text : JSON.stringify(ended.outputs)}
  }

  /** Rods, as their own probe would see them. */
  async function verify(call: ActionCall): Promise<Verified> {
    life.signal.throwIfAborted()
    const moves = await rehearsal.movesOf(call)
    if (moves.length === 0) return {holds: 'unknown', evidence: 'only rods are verified by their action'}
    const astray = moves.find(({rod, to}) => world.rod(rod) !== to)
    if (astray) return {holds: false, evidence: `${astray.rod} is not ${astray.to}`}
    for (const move of moves) await rehearsal.settleRod(move, null)
    return {holds: true, outputs: {...rodOutputs(moves), ...world.outputsOf(instanceOf(call.instance).instance)}}
  }

  return {
    clock: own,
    actions: record.actions,
    append: drafts => around(drafts.map(draftWords).join(', '), () => record.append(drafts)),
    async record(call, frame) {
      const where = `the transaction of ${call.instance}`
      point(`before ${where}`)
      const result = await record.record(call, frame)
      if (result.end === 'recorded') events += result.events.length
      point(`after ${where}`)
      return result
    },
    follow: async () => [],
    perform,
    verify,
    runCommand,
    state: () => record.state(),
    events: () => record.events(),
    async ask(question, signal) {
      point(`at the question of ${question.step}`)
      const answer = await answerQuestion({question, test, world, usedAnswers, clock: own, signal, events: await record.events(), say: async drafts => {
        await rehearsal.say(drafts)
        for (const read of readers.splice(0)) read()
      }}) // biome-ignore format: one call
      point(`after the answer to ${question.step}`)
      return answer
    },
    changed: signal =>
      new Promise((resolve, reject) => {
        readers.push(resolve)
        signal.addEventListener('abort', () => reject(signal.reason as Error), {once: true})
      }),
    between: async () => {
      life.signal.throwIfAborted()
      return true
    },
    tell: () => undefined,
  }
}

/** Of a single rod; a bank answers with nothing of its own. */
function rodOutputs(moves: readonly RodMove[]): JsonMap {
  const [only, another] = moves
  return only && !another ? {position: only.to, verified: true, ms: 0} : {}
}

function draftWords({kind, data}: Pick<Recorded, 'kind' | 'data'>): string {
  return 'step' in data && data.step !== undefined ? `${kind} ${data.step}` : kind
}

import type {Clock} from '../lib/clock.ts'
import {Fault} from '../lib/fault.ts'
import {ask} from './ask.ts'
import type {Verb} from './controller.ts'
import {type DrillFile, readDrillFile, removeDrillFile} from './drill-file.ts'
import {endProcesses} from './end-processes.ts'
import {isAlive} from './process-identity.ts'

const ANSWER_MS = 20_000
/** How long a drill may take to end itself in order: four processes, two seconds each at worst, and some air. */
const DOWN_MS = 10_000

/**
 * Asks the drill of this folder, from another terminal, and answers with what it said.
 *
 * `down` returns when the drill's own process is gone, and works without its help too: one that does not answer is ended
 * by pid together with its start time, and its children end with it. A drill that has ended already is fine.
 *
 * @throws Fault file.not-found (no drill is up here) · file.invalid · net.unreachable · the signal's reason
 */
export async function askController(folder: string, verb: Verb, {clock, signal}: {clock: Clock; signal: AbortSignal}): Promise<object> {
  const file = await readDrillFile(folder)
  if (verb === 'down') return await down(folder, file, {clock, signal})
  if (!isAlive(file)) {
    await removeDrillFile(folder)
    throw new Fault('file.not-found', `the drill in ${folder} has ended`, {hints: ['scram drill up']})
  }
  return await post(file, verb, signal)
}

async function down(folder: string, file: DrillFile, {clock, signal}: {clock: Clock; signal: AbortSignal}): Promise<object> {
  const wasRunning = isAlive(file)
  const said = wasRunning ? await post(file, 'down', signal).catch(() => null) : null
  signal.throwIfAborted()
  for (const until = clock.ticks() + DOWN_MS; said !== null && isAlive(file) && clock.ticks() < until; ) await clock.sleep(50, signal)
  await endProcesses([file], clock)
  await removeDrillFile(folder)
  return {wasRunning}
}

async function post({port, token}: DrillFile, verb: Verb, signal: AbortSignal): Promise<object> {
  const url = `http://127.0.0.1:${port}/${verb}`
  const {status, json} = await ask(url, {method: 'POST', headers: {authorization: `Bearer ${token}`}, timeoutMs: ANSWER_MS, signal}).catch(cause => {
    signal.throwIfAborted()
    throw new Fault('net.unreachable', 'the drill does not answer', {hints: ['scram drill down'], cause})
  })
  if (status === 200 && json instanceof Object) return json
  throw new Fault('net.unreachable', `the drill answered ${status} to ${verb}`, {hints: ['scram drill down']})
}

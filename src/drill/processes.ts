import {join} from 'node:path'
import {systemClock} from '../lib/clock.ts'
import {Fault} from '../lib/fault.ts'
import {makeFolder} from '../lib/files.ts'
import {endProcesses} from './end-processes.ts'
import {PARAMETERS, type Role} from './parameters.ts'
import type {ProcessIdentity} from './process-identity.ts'
import {type StartedRole, startRole} from './start-role.ts'

export interface StartProcesses {
  /** The drill's own folder; logs go below it. */
  readonly folder: string
  /** Ends all of them, also while they start. */
  readonly signal: AbortSignal
  /**
   * How a role is started, the Node first: `[process.execPath, 'bin/run.cjs', '__drill-role']`. The role is appended;
   * what stands there must call `runRole` with it.
   */
  readonly roleArgv: readonly string[]
}

export interface Processes<R extends Role> {
  readonly roles: Readonly<Record<R, StartedRole>>
  readonly pids: readonly ProcessIdentity[]
  /** Ends all and sees that they are gone. Twice is once. */
  stop(): Promise<void>
}

/**
 * Starts these roles, each a process of its own on free loopback ports, and answers with what `begin` makes of them. They
 * end with the signal, in the reverse order: name the load last, so that nobody is turned away by a platform that goes down
 * on purpose. When this or `begin` rejects nothing is left running.
 *
 * @throws Fault drill.busy (one does not listen) · what `begin` throws · the signal's reason
 */
export async function startProcesses<R extends Role, T>(
  names: readonly R[],
  {folder, signal, roleArgv}: StartProcesses,
  begin: (processes: Processes<R>) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const logs = join(folder, 'logs')
  makeFolder(logs)
  const pids: ProcessIdentity[] = []
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= endProcesses(pids.toReversed(), systemClock)
    return stopping
  }
  // Whoever holds the platform calls stop() and hears of a failure there.
  const onAbort = () => {
    stop().catch(() => undefined)
  }
  signal.addEventListener('abort', onAbort, {once: true})
  try {
    const starting = names.map(async name => [name, await startRole(name, {roleArgv, logs, signal, onSpawn: identity => pids.push(identity)})] as const)
    // All, before one failure counts: what is still starting must be known to be ended.
    await Promise.allSettled(starting)
    // One entry per name.
    const roles = Object.fromEntries(await Promise.all(starting)) as Record<R, StartedRole>
    return await begin({roles, pids, stop})
  } catch (error) {
    signal.removeEventListener('abort', onAbort)
    await stop()
    throw error
  }
}

/**
 * Asks until there is an answer that is not null.
 * @throws the signal's reason · what `look` throws
 */
export async function until<T>(look: (signal: AbortSignal) => Promise<T | null>, signal: AbortSignal): Promise<T> {
  for (;;) {
    signal.throwIfAborted()
    const seen = await look(signal)
    if (seen !== null) return seen
    await systemClock.sleep(LOOK_EVERY_MS, signal)
  }
}

/**
 * A baseline that is not checked makes every figure a lie: waits until `look` sees that `what` is so.
 * @throws Fault drill.busy when it is not within 10 s · the signal's reason
 */
export async function baseline(what: string, look: (signal: AbortSignal) => Promise<boolean>, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.timeout(PARAMETERS.baselineMs)
  try {
    await until(async stop => ((await look(stop)) ? true : null), AbortSignal.any([signal, limit]))
  } catch (error) {
    signal.throwIfAborted()
    if (!limit.aborted) throw error
    throw new Fault('drill.busy', `${what} within ${PARAMETERS.baselineMs / 1000} s: this machine is too busy for figures`)
  }
}

const LOOK_EVERY_MS = 100

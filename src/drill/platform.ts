import {join} from 'node:path'
import {systemClock} from '../lib/clock.ts'
import {Fault} from '../lib/fault.ts'
import {makeFolder} from '../lib/files.ts'
import type {ApiStats} from './api-role.ts'
import {ask} from './ask.ts'
import {endProcesses} from './end-processes.ts'
import type {LoadStats} from './load-role.ts'
import {DEFAULT_SEED, PARAMETERS, type Role} from './parameters.ts'
import type {ProcessIdentity} from './process-identity.ts'
import type {Nodes} from './role.ts'
import type {RouterStats} from './router.ts'
import {type StartedRole, startRole} from './start-role.ts'

export interface PlatformStats {
  readonly seed: number
  readonly api: ApiStats
  readonly router: RouterStats
  readonly load: LoadStats
}

export interface Platform {
  readonly api: {readonly publicUrl: string; readonly adminUrl: string}
  readonly router: {readonly url: string}
  readonly pids: readonly ProcessIdentity[]
  /** Puts the unusual record into the router's data. A second time changes nothing. */
  break(): Promise<void>
  /** Deploys the version that knows the record; the router then boots, which takes 1–2 s. A second time changes nothing. */
  patch(): Promise<void>
  /** @throws Fault net.unreachable when one of the processes has ended */
  stats(): Promise<PlatformStats>
  /** Resolves with the instant of the first alert. @throws the signal's reason */
  alerted(signal: AbortSignal): Promise<string>
  /** Resolves when the router answers 200 to its users. @throws the signal's reason */
  live(signal: AbortSignal): Promise<void>
  /** Ends all processes and sees that they are gone. Twice is once. */
  stop(): Promise<void>
}

export interface StartPlatform {
  /** The drill's own folder; logs go below it. */
  readonly folder: string
  readonly seed?: number
  /** Ends the platform, also while it starts. */
  readonly signal: AbortSignal
  /**
   * How a role is started, the Node first: `[process.execPath, 'bin/run.cjs', '__drill-role']`. The role is appended;
   * what stands there must call `runRole` with it.
   */
  readonly roleArgv: readonly string[]
}

const ASK_MS = 5000

/**
 * Starts the platform that breaks on purpose: API, router and their customers, each a process of its own on free
 * loopback ports, and waits until the router is live (a baseline that is not checked makes every figure a lie).
 * When it rejects nothing is left running.
 *
 * @throws Fault drill.busy (not live within 10 s: this machine is too busy to say anything) · the signal's reason
 */
export async function startPlatform({folder, seed = DEFAULT_SEED, signal, roleArgv}: StartPlatform): Promise<Platform> {
  signal.throwIfAborted()
  const logs = join(folder, 'logs')
  makeFolder(logs)
  const pids: ProcessIdentity[] = []
  let stopping: Promise<void> | undefined
  // Load first: nobody shall be turned away by a platform that is going down on purpose.
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
    const start = (role: Role) => startRole(role, {roleArgv, logs, signal, onSpawn: identity => pids.push(identity)})
    const [api, router, load] = await allOrFirstError(start('api'), start('router'), start('load'))
    const nodes: Nodes = {
      apiPublic: local(api.report.port),
      apiAdmin: local(api.report.adminPort ?? 0),
      router: local(router.report.port),
      seed,
    }
    const platform = handle(nodes, local(load.report.port), {pids, stop})
    router.meet(nodes)
    await baseline(platform, signal)
    load.meet(nodes)
    return platform
  } catch (error) {
    signal.removeEventListener('abort', onAbort)
    await stop()
    throw error
  }
}

/** Waits for all before it fails: what is still starting must be known to be ended. */
async function allOrFirstError(...starting: Promise<StartedRole>[]): Promise<[StartedRole, StartedRole, StartedRole]> {
  await Promise.allSettled(starting)
  // Three in, three out.
  return Promise.all(starting) as unknown as Promise<[StartedRole, StartedRole, StartedRole]>
}

function handle(nodes: Nodes, loadUrl: string, {pids, stop}: Pick<Platform, 'pids' | 'stop'>): Platform {
  // Each answers with the stats its role file declares.
  const stats = async (): Promise<PlatformStats> => {
    const [api, router, load] = await Promise.all([get(`${nodes.apiAdmin}/stats`), get(`${nodes.router}/stats`), get(`${loadUrl}/stats`)])
    return {seed: nodes.seed, api: api as ApiStats, router: router as RouterStats, load: load as LoadStats}
  }
  return {
    api: {publicUrl: nodes.apiPublic, adminUrl: nodes.apiAdmin},
    router: {url: nodes.router},
    pids,
    stop,
    stats,
    break: async () => void (await post(`${nodes.router}/break`, {})),
    patch: async () => void (await post(`${nodes.router}/deploy`, {version: 'patched'})),
    alerted: signal => until(async () => ((await get(`${loadUrl}/stats`)) as LoadStats).alert.firstAt, signal),
    live: async signal =>
      void (await until(async () => {
        const {status} = await ask(`${nodes.router}/app/app1`, {timeoutMs: ASK_MS, signal})
        return status === 200 ? true : null
      }, signal)),
  }
}

async function baseline(platform: Platform, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.timeout(PARAMETERS.baselineMs)
  try {
    await platform.live(AbortSignal.any([signal, limit]))
  } catch (error) {
    signal.throwIfAborted()
    if (!limit.aborted) throw error
    throw new Fault('drill.busy', `the drill's router was not live within ${PARAMETERS.baselineMs / 1000} s: this machine is too busy for figures`)
  }
}

async function until<T>(look: () => Promise<T | null>, signal: AbortSignal): Promise<T> {
  for (;;) {
    signal.throwIfAborted()
    const seen = await look()
    if (seen !== null) return seen
    await systemClock.sleep(100, signal)
  }
}

const local = (port: number) => `http://127.0.0.1:${port}`
const get = (url: string) => speak(url, 'GET')
const post = (url: string, json: object) => speak(url, 'POST', json)

async function speak(url: string, method: 'GET' | 'POST', json?: object): Promise<unknown> {
  const answer = await ask(url, {method, timeoutMs: ASK_MS, ...(json && {json})}).catch(cause => {
    throw new Fault('net.unreachable', `a process of the drill does not answer (${url})`, {hints: ['scram drill down'], cause})
  })
  if (answer.status !== 200) throw new Error(`the drill answered ${answer.status} to ${method} ${url}`)
  return answer.json
}

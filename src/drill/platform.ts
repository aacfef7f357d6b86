import {ask} from './ask.ts'
import type {LoadStats} from './load-role.ts'
import {DEFAULT_SEED, PARAMETERS} from './parameters.ts'
import type {ProcessIdentity} from './process-identity.ts'
import {baseline, type Processes, startProcesses, until} from './processes.ts'
import type {Nodes} from './role.ts'
import {get, local, post} from './role-http.ts'
import type {RouterStats} from './router.ts'
import {beginLoad, type StartLoad, statsOf, urlsOf, type WriteStats, type WriteUrls, writeNodes} from './write-path.ts'

export interface PlatformStats extends WriteStats {
  readonly seed: number
  readonly router: RouterStats
}

export interface Platform extends WriteUrls {
  readonly router: {readonly url: string}
  readonly pids: readonly ProcessIdentity[]
  /** Puts the unusual record into the router's data. A second time changes nothing. */
  break(): Promise<void>
  /** Deploys the version that knows the record; the router then boots, which takes 1–4 s. A second time changes nothing. */
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

const ASK_MS = 5000

/**
 * Starts the platform that breaks on purpose: manager, API, router and their customers, each a process of its own on free
 * loopback ports, and waits until the router is live. When it rejects nothing is left running.
 *
 * @throws Fault drill.busy (not live within 10 s: this machine is too busy to say anything) · the signal's reason
 */
export function startPlatform({seed = DEFAULT_SEED, customersPerSecond = PARAMETERS.customersPerSecond, ...options}: StartLoad): Promise<Platform> {
  return startProcesses(['manager', 'api', 'router', 'load'], options, async processes => {
    const {roles} = processes
    const router = local(roles.router.report.port)
    const nodes: Nodes = {...writeNodes(roles), router, seed, customersPerSecond}
    roles.api.meet(nodes)
    roles.router.meet(nodes)
    await baseline("the drill's router was not live", signal => isLive(router, signal), options.signal)
    await beginLoad(roles, nodes, options.signal)
    return handle(nodes, router, processes)
  })
}

function handle(nodes: Nodes, router: string, {roles, pids, stop}: Processes<'manager' | 'api' | 'router' | 'load'>): Platform {
  const loadUrl = local(roles.load.report.port)
  const writeStats = statsOf(nodes, roles)
  return {
    ...urlsOf(nodes),
    router: {url: router},
    pids,
    stop,
    async stats() {
      const [write, ofRouter] = await Promise.all([writeStats(), get(`${router}/stats`)])
      // It answers with the stats its role file declares.
      return {seed: nodes.seed, ...write, router: ofRouter as RouterStats}
    },
    break: async () => void (await post(`${router}/break`, {})),
    patch: async () => void (await post(`${router}/deploy`, {version: 'patched'})),
    alerted: signal => until(async () => ((await get(`${loadUrl}/stats`)) as LoadStats).alert.firstAt, signal),
    live: async signal => void (await until(async stop => ((await isLive(router, stop)) ? true : null), signal)),
  }
}

async function isLive(router: string, signal: AbortSignal): Promise<boolean> {
  return (await ask(`${router}/app/app1`, {timeoutMs: ASK_MS, signal})).status === 200
}

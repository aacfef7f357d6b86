import type {ApiStats} from './api-role.ts'
import {ask} from './ask.ts'
import type {LoadStats} from './load-role.ts'
import type {ManagerStats} from './manager-role.ts'
import {DEFAULT_SEED, PARAMETERS} from './parameters.ts'
import type {ProcessIdentity} from './process-identity.ts'
import {baseline, type Processes, type StartProcesses, startProcesses} from './processes.ts'
import type {Nodes} from './role.ts'
import {get, local} from './role-http.ts'
import {type WriteFigures, writeFigures} from './write-figures.ts'

export interface WriteStats {
  readonly manager: ManagerStats
  readonly api: ApiStats
  readonly load: LoadStats
}

/** Where the roles of the write path are. */
export interface WriteUrls {
  readonly manager: {readonly url: string}
  readonly api: {readonly publicUrl: string; readonly adminUrl: string}
}

export interface WritePath extends WriteUrls {
  readonly pids: readonly ProcessIdentity[]
  /** @throws Fault net.unreachable when one of the processes has ended */
  stats(): Promise<WriteStats>
  /** What customers have met so far; `since` of write-figures.ts takes one from another. */
  figures(): Promise<WriteFigures>
  /** Ends all processes and sees that they are gone. Twice is once. */
  stop(): Promise<void>
}

export interface StartLoad extends StartProcesses {
  readonly seed?: number
  /** 40: 80 % of what the manager can do. At 30 a rod can be withdrawn with a guard, at 50 nothing can. */
  readonly customersPerSecond?: number
}

/**
 * Starts the path of a customer's write and nothing else: manager, api and the load of its customers, each a process of its
 * own, with the API open. On it the withdrawal of rods is measured. When it rejects nothing is left running.
 * @throws Fault drill.busy (this machine is too busy to say anything) · the signal's reason
 */
export function startWritePath({seed = DEFAULT_SEED, customersPerSecond = PARAMETERS.customersPerSecond, ...options}: StartLoad): Promise<WritePath> {
  return startProcesses(['manager', 'api', 'load'], options, async processes => {
    const {roles, pids, stop} = processes
    const nodes: Nodes = {...writeNodes(roles), router: null, seed, customersPerSecond}
    roles.api.meet(nodes)
    await baseline('no write was carried out', signal => isOpen(nodes, signal), options.signal)
    await beginLoad(roles, nodes, options.signal)
    const stats = statsOf(nodes, roles)
    return {...urlsOf(nodes), pids, stop, stats, figures: async () => writeFigures(await stats())}
  })
}

type WriteRoles = Processes<'manager' | 'api' | 'load'>['roles']

export function writeNodes({manager, api}: Pick<WriteRoles, 'manager' | 'api'>): Pick<Nodes, 'manager' | 'apiPublic' | 'apiAdmin'> {
  return {manager: local(manager.report.port), apiPublic: local(api.report.port), apiAdmin: local(api.report.adminPort ?? 0)}
}

export function urlsOf({manager, apiPublic, apiAdmin}: Nodes): WriteUrls {
  return {manager: {url: manager}, api: {publicUrl: apiPublic, adminUrl: apiAdmin}}
}

/** Resolves when the customers come. */
export async function beginLoad({load}: Pick<WriteRoles, 'load'>, nodes: Nodes, signal: AbortSignal): Promise<void> {
  load.meet(nodes)
  await baseline(
    'the load did not begin',
    async stop => (await ask(`${local(load.report.port)}/stats`, {timeoutMs: 1000, signal: stop})).status === 200,
    signal,
  )
}

/** Each answers with the stats its role file declares. */
export function statsOf({manager, apiAdmin}: Nodes, {load}: Pick<WriteRoles, 'load'>): () => Promise<WriteStats> {
  const urls = [manager, apiAdmin, local(load.report.port)]
  return async () => {
    const [ofManager, ofApi, ofLoad] = await Promise.all(urls.map(url => get(`${url}/stats`)))
    return {manager: ofManager as ManagerStats, api: ofApi as ApiStats, load: ofLoad as LoadStats}
  }
}

async function isOpen({apiPublic}: Nodes, signal: AbortSignal): Promise<boolean> {
  return (await ask(`${apiPublic}/apps`, {method: 'POST', timeoutMs: PARAMETERS.customerTimeoutMs, signal})).status === 200
}

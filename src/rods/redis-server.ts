import {safeLine} from '../lib/text.ts'
import type {Ask} from './redis-link.ts'
import {type Reply, ReplyError} from './resp.ts'

/** Which Redis answered: a failover or a restart shows here although the position still reads right. */
export interface ServerIdentity {
  /** `master 5f0c8a2be913`, or why it is not told. */
  readonly shown: string
  /** `run_id`, shortened as shown; null where it is not told. */
  readonly runId: string | null
  readonly isReplica: boolean
  readonly replicas: number
}

export const IDENTITY_COMMANDS: readonly (readonly string[])[] = [
  ['INFO', 'server'],
  ['INFO', 'replication'],
]

export function identityIn(server: Reply | undefined, replication: Reply | undefined): ServerIdentity {
  const denied = [server, replication].find(reply => reply instanceof ReplyError)
  if (denied instanceof ReplyError) return {shown: `which server is not told (${denied.word})`, runId: null, isReplica: false, replicas: 0}
  const runId = /^[0-9a-f]{40}$/.exec(infoField(server, 'run_id') ?? '')?.[0].slice(0, 12) ?? null
  const role = infoField(replication, 'role')
  const replicas = Number(/^\d{1,4}$/.exec(infoField(replication, 'connected_slaves') ?? '')?.[0] ?? 0)
  return {
    shown: `${role === 'master' ? 'master' : role === 'slave' ? 'replica' : 'server'} ${runId ?? 'without run_id'}`,
    runId,
    isReplica: role === 'slave',
    replicas,
  }
}

/** One replica should have it before anyone relies on it: replication is asynchronous, and a failover forgets the rest. */
const WAIT_FOR = '1'
const WAIT_MS = '500'

/** What is worth saying about replicas after a move; null where there are none. */
export async function replicated(ask: Ask, {replicas}: ServerIdentity): Promise<string | null> {
  if (replicas === 0) return null
  const [confirmed] = await ask(['WAIT', WAIT_FOR, WAIT_MS])
  if (typeof confirmed !== 'number') return `replicas were not asked${confirmed instanceof ReplyError ? ` (${confirmed.word})` : ''}`
  return confirmed > 0 ? `${confirmed} of ${replicas} replicas have it` : `none of ${replicas} replicas has it yet: a failover now would lose it`
}

const ADVICE_COMMANDS: readonly (readonly string[])[] = [
  ['INFO', 'memory'],
  ['INFO', 'persistence'],
  ['CONFIG', 'GET', 'save'],
]

/** What may withdraw the rod behind our back, as this server is set up. @throws Fault rod.unanswered */
export async function serverAdvice(ask: Ask): Promise<readonly string[]> {
  const [server, replication, memory, persistence, save] = await ask(...IDENTITY_COMMANDS, ...ADVICE_COMMANDS)
  const {isReplica} = identityIn(server, replication)
  const policy = infoField(memory, 'maxmemory_policy')
  const isAof = infoField(persistence, 'aof_enabled')
  const points = savePoints(save)
  const advice: string[] = []
  if (isReplica) advice.push('this is a replica: it can be read, not set')
  if (policy === null) advice.push('its maxmemory-policy is not told: may it evict?')
  else if (policy !== 'noeviction') advice.push(`its maxmemory-policy is ${safeLine(policy).slice(0, 40)}, not noeviction: an eviction withdraws the rod`)
  if (isAof === '1') return advice
  if (points === '') advice.push('its persistence is off (no append-only file, no save points): a restart withdraws the rod')
  else if (points === null) advice.push('whether it saves is not told: a restart may withdraw the rod')
  else advice.push('it saves snapshots only (no append-only file): a crash loses the moves since the last one')
  return advice
}

/** Null where CONFIG is denied, as managed services do. */
function savePoints(reply: Reply | undefined): string | null {
  const value = Array.isArray(reply) ? (reply as readonly Reply[])[1] : undefined // see moveReply
  return Buffer.isBuffer(value) ? value.toString() : null
}

function infoField(reply: Reply | undefined, name: string): string | null {
  if (!Buffer.isBuffer(reply)) return null
  const line = reply
    .toString()
    .split('\r\n')
    .find(text => text.startsWith(`${name}:`))
  return line?.slice(name.length + 1) ?? null
}

import {z} from 'zod'
import type {Position} from '../../incident/events.ts'
import {Fault} from '../../lib/fault.ts'
import {isPosition, positionForm} from '../position.ts'
import {type RedisAddress, reachOf, redisAddress} from '../redis-address.ts'
import {replyFault} from '../redis-fault.ts'
import {type Ask, withRedis} from '../redis-link.ts'
import {defaultFenceKey, fenceIn, moveCommand, moveReply, type Place, readCommands, type Write} from '../redis-move.ts'
import {IDENTITY_COMMANDS, identityIn, replicated, serverAdvice} from '../redis-server.ts'
import {redisValues, type StoredValues} from '../redis-values.ts'
import {type Reply, ReplyError} from '../resp.ts'
import type {Capabilities, Driver, DriverContext, Reading, SetCall} from '../rod.ts'
import {type SecretText, secretText, withoutSecrets} from '../secret-text.ts'

export const summary = 'a key or a member of a set in Redis; absent is withdrawn'

const word = z
  .string()
  .min(1)
  .max(512)
  .regex(/^\P{Cc}*$/u, 'has a control character in it')
  .refine(text => text.isWellFormed(), 'is no text')
const isReference = (text: string) => /^(env:[A-Za-z_]\w*|file:\/.+|exec:\[.+\])$/.test(text)
const reference = 'env:NAME, file:/path, exec:[argv]'

export const options = z
  .strictObject({
    url: word
      .refine(
        text => isReference(text) || isPlainAddress(text),
        `must be redis://host[:port][/db], rediss:// or unix:/path without user and password, or a reference: ${reference}`,
      )
      .describe(`redis://, rediss:// (TLS) or unix:/path; with a password in it only as a reference: ${reference}`),
    username: word.optional().describe('of the ACL [default: the one of the address, else the default user]'),
    password: word.refine(isReference, `must be a reference: ${reference}`).optional().describe('instead of one in the address'),
    key: word.optional().describe('the key that holds the position; absent is withdrawn'),
    values: z
      .record(z.string(), z.union([word, z.number(), z.boolean()]))
      .optional()
      .describe('position → value where they differ; one-to-one'),
    set: word.optional().describe('instead of key: the set that holds `member` while the rod is in'),
    member: word.optional(),
    fence_key: word.optional().describe('counts the moves, so that nobody is overwritten [default: {KEY}:fence, {SET}:MEMBER:fence]'),
  })
  .refine(({key, set}) => (key === undefined) !== (set === undefined), 'needs either key, or set and member')
  .refine(({set, member}) => (set === undefined) === (member === undefined), 'set and member belong together')
  .refine(({set, values}) => set === undefined || values === undefined, 'a member of a set has no values')
  .refine(({key, set, fence_key}) => fence_key === undefined || (fence_key !== key && fence_key !== set), 'fence_key must be a key of its own')

/** Whether a position survives a restart is the server's to say (`advise`), so nobody is promised it. */
export const can: Capabilities = {named: true, percent: true, rate: true, cas: true, ttl: true, survivesRestart: false}

interface Rod {
  readonly address: RedisAddress
  /** For people: the address, or its reference. */
  readonly shown: string
  readonly place: Place
  readonly values: StoredValues
  readonly positions: readonly Position[]
  safe(text: string): string
}

/**
 * Drives a rod that is a key, or a member of a set, in one Redis (no cluster). One script compares and sets; the version
 * is the fence and what stood there, so a DEL typed by a person is noticed too. A key that is absent is withdrawn: a flush,
 * an eviction, a failover withdraw the rod, which `advise` tells and the evidence (run_id, role) shows.
 */
export async function open(given: z.output<typeof options>, context: DriverContext): Promise<Driver> {
  const {positions, secret, invalid} = context
  const url = await secretText(given.url, secret)
  const password = given.password === undefined ? null : await secretText(given.password, secret)
  const inUrl = redisAddress(url.sent)
  if (!inUrl) throw invalid(['url'], `${given.url} does not hold a redis://, rediss:// or unix: address`)
  const address = {...inUrl, username: given.username ?? inUrl.username, password: password?.sent ?? inUrl.password}
  const member = given.member ?? null
  const key = given.key ?? given.set ?? ''
  if (member !== null && (positions.length !== 2 || positionForm(positions) !== 'named')) {
    throw invalid(['member'], 'a member of a set is there or not: such a rod has two named positions; use key for more')
  }
  const secrets: readonly SecretText[] = [url, ...(password ? [password] : []), {shown: `the password of ${url.shown}`, sent: inUrl.password ?? ''}]
  const rod: Rod = {
    address,
    shown: url.shown,
    place: {key, member, fenceKey: given.fence_key ?? defaultFenceKey(key, member)},
    values: redisValues(given.values ?? {}, positions, invalid),
    positions,
    safe: text => withoutSecrets(text, secrets),
  }
  return {
    targets: [''],
    can: member === null ? can : {...can, percent: false, rate: false, ttl: false},
    reaches: [reachOf(address)],
    plan: to => [planOf(rod, to, given.password ?? null)],
    set: (to, call) => set(rod, to, call),
    read: ({signal}) => read(rod, signal),
    advise: ({signal}) => advise(rod, signal),
  }
}

function planOf({shown, place, values}: Rod, to: Position, password: string | null): string {
  const [name, ...more] = writeOf(place, values, to)
  const words = [name, place.key, ...more].map(text => (/^[\w.:{}-]+$/.test(text ?? '') ? text : JSON.stringify(text))).join(' ')
  return `${shown}${password === null ? '' : ` with the password ${password}`}: ${words} and INCR ${place.fenceKey}, in one script that refuses when either was moved`
}

async function set(rod: Rod, to: Position, {signal, expect, ttlMs}: SetCall): Promise<string> {
  const {address, shown, place, values, positions, safe} = rod
  if (!isPosition(to, positions)) throw new Fault('rod.refused', `${JSON.stringify(to.slice(0, 40))} is no position of this rod; nothing was sent`)
  if (ttlMs !== undefined && place.member !== null) throw new Fault('rod.refused', 'a member of a set cannot expire by itself; nothing was sent')
  const write: Write = {...expected(expect, values), command: writeOf(place, values, to, ttlMs)}
  return withRedis(address, signal, async ask => {
    const [reply] = await ask(moveCommand(place, write))
    const move = moveReply(reply)
    if (move.how === 'error') throw replyFault(move.error, 'EVAL')
    if (move.how === 'nonsense') throw new Fault('rod.unanswered', 'no usable answer: not what the script says')
    if (move.how === 'moved') throw new Fault('rod.moved', `it was changed meanwhile: expected ${expect}, its fence is ${move.fence}`)
    return `${shown} ${write.command[0]}, fence ${move.fence}; ${await afterwards(ask, signal)}`
  }).catch((error: unknown) => {
    throw error instanceof Fault ? new Fault(error.code, safe(`${shown}: ${error.message}`)) : error
  })
}

/** Acknowledged is acknowledged: what fails from here on is told, and takes nothing back. */
async function afterwards(ask: Ask, signal: AbortSignal): Promise<string> {
  try {
    const [server, replication] = await ask(...IDENTITY_COMMANDS)
    const identity = identityIn(server, replication)
    const copies = await replicated(ask, identity)
    return copies === null ? identity.shown : `${identity.shown}; ${copies}`
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return signal.aborted ? 'replicas were not asked in time' : `replicas were not asked (${error.message})`
  }
}

async function read({address, shown, place, values, safe}: Rod, signal: AbortSignal): Promise<Reading> {
  const name = place.member === null ? place.key : `${place.key} ${place.member}`
  const where = `${shown} ${JSON.stringify(name)}`
  try {
    const [fenceReply, reply, server, replication] = await withRedis(address, signal, ask => ask(...readCommands(place), ...IDENTITY_COMMANDS))
    const fence = fenceIn(fenceReply)
    const seen = reply instanceof ReplyError ? null : place.member === null ? values.seenIn(reply) : memberSeen(reply, values)
    if (!seen || fence === null) {
      const flaw = reply instanceof ReplyError ? replyFault(reply, 'GET').message : !seen ? 'answers nonsense' : 'has a fence that is no number'
      return {position: 'unknown', evidence: safe(`${where} ${flaw}`)}
    }
    const {shown: identity, runId} = identityIn(server, replication)
    const evidence = safe(`${where} ${seen.shown}, fence ${fence}; ${identity}`)
    return {position: seen.position, version: `${fence} ${seen.name}`, ...(runId !== null && {instance: runId}), evidence}
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return {position: 'unknown', evidence: safe(`${shown}: ${error.message}`)}
  }
}

async function advise({address, shown, safe}: Rod, signal: AbortSignal): Promise<readonly string[]> {
  const always = `${shown}: absent means withdrawn, so a flush, an eviction or a failover to a replica that lags withdraws the rod`
  try {
    return [always, ...(await withRedis(address, signal, serverAdvice)).map(line => safe(`${shown}: ${line}`))]
  } catch (error) {
    return [always, safe(`${shown}: its settings could not be asked (${error instanceof Fault ? error.message : 'interrupted'})`)]
  }
}

function memberSeen(reply: Reply | undefined, values: StoredValues): ReturnType<StoredValues['seenIn']> {
  if (reply === 0) return values.absent
  return reply === 1 ? values.present : null
}

/** The write that sets the position, without its key. */
function writeOf({member}: Place, values: StoredValues, to: Position, ttlMs?: number): readonly string[] {
  if (member !== null) return [to === 'withdrawn' ? 'SREM' : 'SADD', member]
  const value = values.storedAt(to)
  if (value === null) return ['DEL']
  return ['SET', value, ...(ttlMs === undefined || to === 'withdrawn' ? [] : ['PX', String(Math.max(1, Math.round(ttlMs)))])]
}

/** `7 inserted` or `7 (absent)`, as `read` gave it. What is no version of ours fits nothing. */
function expected(version: string | undefined, values: StoredValues): Pick<Write, 'fence' | 'state'> {
  if (version === undefined) return {fence: '', state: ''}
  const [, fence = 'none', name = ''] = /^(\d{1,15}) (.+)$/.exec(version) ?? []
  return {fence, state: values.stateOf(name)}
}

function isPlainAddress(text: string): boolean {
  const address = redisAddress(text)
  return address !== null && address.username === null && address.password === null
}

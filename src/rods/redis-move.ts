import type {Reply} from './resp.ts'
import {ReplyError} from './resp.ts'

/**
 * Compare-and-set in one step. KEYS: what holds the position, its fence. ARGV: the fence and the state to expect ('' = any),
 * the member ('' for a key), the write and its arguments. Answers {1, new fence}, or {0, fence} and has changed nothing.
 * A state is '-' for absent, '=' and the bytes for a value, '=' for a member. Everything that can refuse is asked before
 * the first write: a script is not rolled back. `pcall`, because Redis 6 hides the word of an error that `call` raises.
 */
const COMPARE_AND_SET = `
local function failed(reply) return type(reply) == 'table' and reply.err ~= nil end
local fence = redis.pcall('GET', KEYS[2])
if failed(fence) then return fence end
fence = fence or '0'
if not string.match(fence, '^%d+$') or #fence > 15 then return redis.error_reply('WRONGTYPE the fence is no number') end
local held
if ARGV[3] == '' then held = redis.pcall('GET', KEYS[1]) else held = redis.pcall('SISMEMBER', KEYS[1], ARGV[3]) end
if failed(held) then return held end
local state = '-'
if type(held) == 'string' then state = '=' .. held elseif held == 1 then state = '=' end
if (ARGV[1] ~= '' and ARGV[1] ~= fence) or (ARGV[2] ~= '' and ARGV[2] ~= state) then return {0, fence} end
local done = redis.pcall(ARGV[4], KEYS[1], unpack(ARGV, 5))
if failed(done) then return done end
return {1, redis.pcall('INCR', KEYS[2])}
`.trim()

/** Where a rod is kept: a key, or a member of a set. */
export interface Place {
  readonly key: string
  /** Null: the key itself. */
  readonly member: string | null
  readonly fenceKey: string
}

export interface Write {
  readonly fence: string
  readonly state: string
  /** `['SET', 'on', 'PX', '1000']`: without the key. */
  readonly command: readonly string[]
}

export function moveCommand({key, member, fenceKey}: Place, {fence, state, command}: Write): readonly string[] {
  return ['EVAL', COMPARE_AND_SET, '2', key, fenceKey, fence, state, member ?? '', ...command]
}

export type MoveReply =
  | {readonly how: 'done' | 'moved'; readonly fence: string}
  | {readonly how: 'error'; readonly error: ReplyError}
  | {readonly how: 'nonsense'}

export function moveReply(reply: Reply | undefined): MoveReply {
  if (reply instanceof ReplyError) return {how: 'error', error: reply}
  if (!Array.isArray(reply) || reply.length !== 2) return {how: 'nonsense'}
  const [done, fence] = reply as readonly Reply[] // Array.isArray does not narrow a readonly array out of a union
  if (done === 1 && typeof fence === 'number') return {how: 'done', fence: String(fence)}
  if (done === 0 && Buffer.isBuffer(fence)) return {how: 'moved', fence: shownFence(fence)}
  return {how: 'nonsense'}
}

/** The fence is read before the position: a move in between makes the version too old, never too new. */
export function readCommands({key, member, fenceKey}: Place): readonly (readonly string[])[] {
  return [['GET', fenceKey], member === null ? ['GET', key] : ['SISMEMBER', key, member]]
}

/** Absent is 0, as in the script. Null: what stands there is no fence of ours. */
export function fenceIn(reply: Reply | undefined): string | null {
  if (reply === null) return '0'
  const text = Buffer.isBuffer(reply) ? reply.toString('latin1') : ''
  return /^\d{1,15}$/.test(text) ? text : null
}

const shownFence = (fence: Buffer) => fenceIn(fence) ?? '?'

/** The default fence stands in the slot of its key, beside it; each member of a set has one of its own. */
export function defaultFenceKey(key: string, member: string | null): string {
  const beside = /^[^{]*\{[^}]+\}/.test(key) ? key : `{${key}}`
  return member === null ? `${beside}:fence` : `${beside}:${member}:fence`
}

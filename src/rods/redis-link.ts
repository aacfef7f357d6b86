import {once} from 'node:events'
import {connect as connectPlain, isIP, type Socket} from 'node:net'
import {addAbortSignal} from 'node:stream'
import {connect as connectTls} from 'node:tls'
import {systemClock} from '../lib/clock.ts'
import {connectCause} from '../lib/connect-cause.ts'
import {isTimeout} from '../lib/deadline.ts'
import {Fault} from '../lib/fault.ts'
import type {RedisAddress} from './redis-address.ts'
import {replyFault} from './redis-fault.ts'
import {decodeReply, encodeCommand, MOST_REPLY_BYTES, NotResp, type Reply, ReplyError} from './resp.ts'

/** Sends the commands in one go and answers with a reply to each. @throws Fault rod.unanswered */
export type Ask = (...commands: readonly (readonly string[])[]) => Promise<readonly Reply[]>

const CONNECT_MS = 3000
/** One conversation: longer is no answer, even where the rod would wait. */
const TALK_MS = 10_000

/**
 * One conversation with one Redis, over a connection of its own that is closed when it ends. `talk` begins when the
 * password and the database are accepted, so what fails before moved nothing: AUTH is never sent together with a move,
 * because a Redis that refuses the password may still obey as its default user.
 *
 * @throws Fault rod.unreachable (`talk` did not begin) · rod.refused (password, database) · rod.unanswered (from `ask`).
 * An abort passes through.
 */
export async function withRedis<T>(address: RedisAddress, signal: AbortSignal, talk: (ask: Ask) => Promise<T>): Promise<T> {
  passAbort(signal)
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TALK_MS)])
  const socket = await connected(address, limit, signal)
  try {
    const ask = asker(socket, signal)
    await introduce(address, ask)
    return await talk(ask)
  } finally {
    socket.destroy()
  }
}

async function connected({at}: RedisAddress, limit: AbortSignal, signal: AbortSignal): Promise<Socket> {
  const isTls = 'isTls' in at && at.isTls
  const socket = isTls ? connectTls({host: at.host, port: at.port, ...(isIP(at.host) === 0 && {servername: at.host})}) : connectPlain(at)
  // An error between two of our waits must not end the process: whoever waits next is told.
  socket.on('error', () => {})
  addAbortSignal(limit, socket)
  try {
    await once(socket, isTls ? 'secureConnect' : 'connect', {signal: AbortSignal.timeout(CONNECT_MS)})
    return socket
  } catch (error) {
    socket.destroy()
    passAbort(signal)
    throw new Fault('rod.unreachable', noConnection(error))
  }
}

function noConnection(error: unknown): string {
  const {code, name} = error as NodeJS.ErrnoException
  if (name === 'AbortError') return 'no connection in time'
  if (code === undefined) return 'no connection'
  const cause = code === 'ENOENT' ? 'there is no such socket' : connectCause(code, error, systemClock.now())
  return `no connection (${code}${cause ? `: ${cause}` : ''})`
}

function asker(socket: Socket, signal: AbortSignal): Ask {
  const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>
  let unread: Buffer = Buffer.alloc(0)
  const nextReply = async (): Promise<Reply> => {
    for (;;) {
      const found = decodeReply(unread)
      if (found) {
        unread = unread.subarray(found.end)
        return found.reply
      }
      if (unread.length > 2 * MOST_REPLY_BYTES) throw new NotResp('replies without end')
      const {value, done} = await chunks.next()
      if (done) throw new NotResp('it hung up')
      unread = Buffer.concat([unread, value])
    }
  }
  return async (...commands) => {
    try {
      socket.write(Buffer.concat(commands.map(encodeCommand)))
      const replies: Reply[] = []
      for (const _ of commands) replies.push(await nextReply())
      return replies
    } catch (error) {
      passAbort(signal)
      throw new Fault('rod.unanswered', lostAnswer(error))
    }
  }
}

function lostAnswer(error: unknown): string {
  if (error instanceof NotResp) return `no usable answer: ${error.message}`
  const {code, name} = error as NodeJS.ErrnoException
  return name === 'AbortError' ? 'no complete answer in time' : `no complete answer (${code ?? 'cut off'})`
}

async function introduce({username, password, db}: RedisAddress, ask: Ask): Promise<void> {
  const greetings = [
    ...(password === null ? [] : [['AUTH', ...(username === null ? [] : [username]), password]]),
    ...(db === 0 ? [] : [['SELECT', String(db)]]),
  ]
  for (const greeting of greetings) {
    const [reply] = await ask(greeting).catch((error: unknown) => {
      throw error instanceof Fault ? new Fault('rod.unreachable', `${error.message} to ${greeting[0]}; nothing else was sent`) : error
    })
    if (reply instanceof ReplyError) throw replyFault(reply, greeting[0] ?? '')
  }
}

/** A deadline that ran out is an answer ("none"); a person's Ctrl-C is not ours to interpret. */
function passAbort(signal: AbortSignal): void {
  if (signal.aborted && !isTimeout(signal.reason)) throw signal.reason
}

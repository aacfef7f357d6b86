import {systemClock} from '../../lib/clock.ts'
import {exchange, type HttpAnswer} from '../../lib/http-exchange.ts'
import type {NoAnswer} from '../../lib/no-answer.ts'
import {hostOf} from '../host-of.ts'
import type {Reach} from '../rod.ts'
import {type SecretText, secretText, withoutSecrets} from '../secret-text.ts'

export interface UserRequestOptions {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  /** For one sending, redirects included. */
  readonly timeoutMs: number
  /** How many are followed; an answer beyond is the answer. */
  readonly redirects: number
}

export interface Answer extends HttpAnswer {
  /** From the first byte sent to the last received, redirects included. */
  readonly latencyMs: number
  readonly redirects: number
}

/** A request as a user sends it, its secrets resolved; it can be sent again and again. */
export interface UserRequest {
  /** Method and address, without what stands behind `?`. */
  readonly name: string
  readonly reaches: readonly Reach[]
  send(signal: AbortSignal): Promise<Answer | NoAnswer>
  /** Whatever the other side sent back, without our secrets. */
  clean(text: string): string
  /** The same request to another address; another host gets none of the headers. */
  at(url: string): Promise<UserRequest>
}

/** A page longer than this is judged by its beginning. */
const MOST_BYTES = 65_536
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** @throws Fault secret.missing */
export async function userRequest(options: UserRequestOptions, resolve: (reference: string) => Promise<string>): Promise<UserRequest> {
  const address = await secretText(options.url, resolve)
  const entries = Object.entries(options.headers).map(async ([name, value]) => [name.toLowerCase(), await secretText(value, resolve)] as const)
  return requestTo(address, Object.fromEntries(await Promise.all(entries)), options, resolve)
}

function requestTo(
  address: SecretText,
  headers: Readonly<Record<string, SecretText>>,
  {method, timeoutMs, redirects}: UserRequestOptions,
  resolve: (reference: string) => Promise<string>,
): UserRequest {
  const sent = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, text.sent]))
  const secrets = [address, ...Object.values(headers)]
  return {
    name: `${method} ${address.shown.replace(/[?#].*$/, '')}`,
    reaches: hostOf(address.sent),
    send: signal => follow({method, url: address.sent, headers: sent}, {timeoutMs, redirects}, signal),
    clean: text => withoutSecrets(text, secrets),
    async at(url) {
      const other = await secretText(url, resolve)
      const kept = originOf(other.sent) === originOf(address.sent) ? headers : {}
      return requestTo(other, kept, {method: 'GET', url, headers: {}, timeoutMs, redirects}, resolve)
    },
  }
}

interface Hop {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

async function follow(first: Hop, {timeoutMs, redirects: most}: {timeoutMs: number; redirects: number}, signal: AbortSignal): Promise<Answer | NoAnswer> {
  const startTicks = systemClock.ticks()
  const sofarMs = () => Math.round(systemClock.ticks() - startTicks)
  let hop: Hop | null = first
  for (let redirects = 0; ; redirects++) {
    const leftMs = Math.max(timeoutMs - sofarMs(), 1)
    const headers = {'user-agent': 'scram-probe', ...hop.headers}
    const answer = await exchange({...hop, headers, timeoutMs: leftMs, maxBytes: MOST_BYTES, isBeginningEnough: true}, signal)
    // Refused further on is not the path refusing: only its first connection may be the effect.
    if (answer.status === null) return redirects === 0 ? answer : {...answer, errno: null, reason: `${answer.reason}, after a redirect`}
    const next: Hop | null = redirects < most ? nextHop(hop, answer) : null
    if (next === null) return {...answer, latencyMs: sofarMs(), redirects}
    hop = next
  }
}

/**
 * Where a redirect leads, or null where it leads nowhere. Another scheme, host or port is somebody else: nothing of ours
 * goes there, because a header that looks harmless may be the key (`x-api-key`), and it does not come back on the way home.
 */
function nextHop({method, url, headers}: Hop, {status, headers: {location}}: HttpAnswer): Hop | null {
  const target = REDIRECTS.has(status) && location !== undefined ? URL.parse(location, url) : null
  if (!target || !/^https?:$/.test(target.protocol)) return null
  const isGet = status === 303 ? method !== 'HEAD' : method === 'POST' && status < 303
  return {method: isGet ? 'GET' : method, url: target.href, headers: target.origin === originOf(url) ? headers : {}}
}

function originOf(url: string): string | undefined {
  return URL.parse(url)?.origin
}

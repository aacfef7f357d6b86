import type {Json} from '../lib/canonical.ts'
import {systemClock} from '../lib/clock.ts'
import {isTimeout} from '../lib/deadline.ts'
import {exchange, type HttpAnswer, type HttpRequest} from '../lib/http-exchange.ts'
import type {NoAnswer} from '../lib/no-answer.ts'
import {acknowledged, isPage, PAGE, type Telling} from './http-fault.ts'
import type {SecretText} from './secret-text.ts'

/** What the drivers that speak HTTP share: a request that sets, and one that asks. */

export type ControlRequest = Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>

export interface ControlCall extends Telling {
  readonly signal: AbortSignal
}

/** One attempt at one address: longer is no answer, even where the rod would wait. */
const ATTEMPT_MS = 10_000
const MOST_BYTES = 65_536
const LIMITS = {timeoutMs: ATTEMPT_MS, maxBytes: MOST_BYTES} as const
/** Above it a rate limit is no hiccup; somebody must look, now. */
const LONGEST_RETRY_AFTER_MS = 10_000

/**
 * Sends a request that sets something: once, and once more after a 429 that says when, for that one was not taken.
 * @throws Fault rod.unreachable · rod.unanswered · rod.refused · rod.moved. An abort passes through.
 */
export async function sendSet(request: ControlRequest, ok: readonly number[], call: ControlCall): Promise<HttpAnswer> {
  let answer = await exchange({...request, ...LIMITS}, call.signal)
  const waitMs = answer.status === 429 ? retryAfterMs(answer) : null
  if (waitMs !== null && waitMs <= LONGEST_RETRY_AFTER_MS && (await slept(waitMs, call.signal))) answer = await exchange({...request, ...LIMITS}, call.signal)
  return acknowledged(answer, ok, call)
}

/** A JSON document, or one line about why there is none. */
export type Told =
  | {readonly document: Json; readonly etag: string | undefined}
  | {readonly document: undefined; readonly reason: string; readonly answer: HttpAnswer | NoAnswer}

/** Asks for a JSON document. Does not reject for the other side's sake; an abort passes through. */
export async function askJson({url, headers}: Pick<ControlRequest, 'url' | 'headers'>, signal: AbortSignal): Promise<Told> {
  const answer = await exchange({method: 'GET', url, headers: {accept: 'application/json', ...headers}, ...LIMITS}, signal)
  const nothing = (reason: string): Told => ({document: undefined, reason, answer})
  if (answer.status === null) return nothing(answer.reason)
  if (answer.status !== 200) return nothing(String(answer.status))
  if (isPage(answer)) return nothing(`200: ${PAGE}`)
  const document = parseJson(answer.body)
  return document === undefined ? nothing('200: no JSON') : {document, etag: answer.headers['etag']}
}

export function parseJson(body: string): Json | undefined {
  try {
    return JSON.parse(body) as Json
  } catch {
    return undefined
  }
}

/** Method and address for people: no query, which may carry tokens; of a secret address the reference. */
export function place(method: string, {shown}: Pick<SecretText, 'shown'>): string {
  const address = URL.parse(shown)
  return `${method} ${address && /^https?:$/.test(address.protocol) ? `${address.origin}${decodePath(address.pathname)}` : shown}`
}

const decodePath = (path: string) => path.replaceAll('%7B', '{').replaceAll('%7D', '}')

/** Seconds, or a date read against the server's own clock. Null: it does not say when. */
function retryAfterMs({headers}: HttpAnswer | (NoAnswer & {status: number})): number | null {
  const after = headers['retry-after'] ?? ''
  if (/^\d{1,6}$/.test(after)) return Number(after) * 1000
  const ms = Date.parse(after) - Date.parse(headers['date'] ?? '')
  return Number.isFinite(ms) ? Math.max(ms, 0) : null
}

/** False: the deadline came first. A person's abort passes through. */
async function slept(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await systemClock.sleep(ms, signal)
    return true
  } catch (error) {
    if (isTimeout(error)) return false
    throw error
  }
}

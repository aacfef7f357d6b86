import {exchange} from '../lib/http-exchange.ts'
import {textOf} from '../lib/text-of.ts'
import type {JsonMap, Performed} from '../runbook/ports.ts'
import {FINE, isExpected, statusesWords} from './http-statuses.ts'

/** A page is fine as an answer; a download is not. */
const MOST_BYTES = 1 << 20
/** How long one answer is waited for where the step says nothing. */
export const DEFAULT_TIMEOUT_MS = 5000
/** Timers fire a moment early and late: what took so long did not end by itself. */
export const EARLY_MS = 50
/** How many different answers its evidence names. */
const MOST_NAMED = 6

/**
 * Asks an address as a user would, `samples` times, one after another; a redirect is an answer and is not followed. Failed =
 * no answer in time, or another status than `status` says (2xx and 3xx where it says nothing: "not found" and "not allowed" are
 * what users see of a router that lost its routes). Never fails itself: that nobody answers is an answer. With `withinMs` it is
 * over by then, with the samples it has: one that this cuts short is none, unless it is the first.
 */
export async function probeHttp(given: JsonMap, timeoutMs: number, signal: AbortSignal, withinMs = Number.POSITIVE_INFINITY): Promise<Performed> {
  const wantedSamples = Number(given['samples'] ?? 1)
  const wanted = given['status'] ?? FINE
  const times: number[] = []
  const seen = new Map<number | null, number>()
  let failed = 0
  let status = 0
  const began = performance.now()
  for (let i = 0; i < wantedSamples; i++) {
    signal.throwIfAborted()
    const started = performance.now()
    const leftMs = Math.ceil(began + withinMs - started)
    if (i > 0 && leftMs <= 0) break
    const answered = await statusOf(textOf(given['url']), signal, Math.min(timeoutMs, leftMs))
    const tookMs = performance.now() - started
    if (answered === null && i > 0 && leftMs < timeoutMs && tookMs > leftMs - EARLY_MS) break
    times.push(tookMs)
    seen.set(answered, (seen.get(answered) ?? 0) + 1)
    status = answered ?? status
    if (answered === null || !isExpected(answered, wanted)) failed++
  }
  const samples = times.length
  const p95 = times.sort((a, b) => a - b)[Math.max(0, Math.ceil(times.length * 0.95) - 1)] ?? 0
  return {
    end: 'finished',
    outputs: {ok: failed === 0, samples, failed, error_rate: failed / samples, p95_ms: Math.round(p95), status},
    evidence: `${samples - failed} of ${samples} answered with ${statusesWords(wanted)}; seen: ${named(seen)}`,
  }
}

/** `200 ×48, 404, no answer`. */
function named(seen: ReadonlyMap<number | null, number>): string {
  const most = [...seen].toSorted(([, a], [, b]) => b - a)
  const words = most.slice(0, MOST_NAMED).map(([status, count]) => `${status ?? 'no answer'}${count > 1 ? ` ×${count}` : ''}`)
  return [...words, ...(most.length > MOST_NAMED ? ['…'] : [])].join(', ')
}

async function statusOf(url: string, signal: AbortSignal, timeoutMs: number): Promise<number | null> {
  const answer = await exchange({method: 'GET', url, headers: {}, timeoutMs, maxBytes: MOST_BYTES}, signal)
  return answer.status
}

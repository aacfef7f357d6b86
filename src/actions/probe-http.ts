import {exchange} from '../lib/http-exchange.ts'
import {textOf} from '../lib/text-of.ts'
import type {JsonMap, Performed} from '../runbook/ports.ts'

/** A page is fine as an answer; a download is not. */
const MOST_BYTES = 1 << 20

/**
 * Asks an address as a user would, `samples` times, one after another. Failed = no answer in time, or 5xx. Never fails
 * itself: that nobody answers is an answer.
 */
export async function probeHttp(given: JsonMap, timeoutMs: number, signal: AbortSignal): Promise<Performed> {
  const samples = Number(given['samples'] ?? 1)
  const times: number[] = []
  let failed = 0
  let status = 0
  for (let i = 0; i < samples; i++) {
    signal.throwIfAborted()
    const started = performance.now()
    const seen = await statusOf(textOf(given['url']), signal, timeoutMs)
    times.push(performance.now() - started)
    status = seen ?? status
    if (seen === null || seen >= 500) failed++
  }
  const p95 = times.sort((a, b) => a - b)[Math.max(0, Math.ceil(times.length * 0.95) - 1)] ?? 0
  return {
    end: 'finished',
    outputs: {ok: failed === 0, samples, failed, error_rate: failed / samples, p95_ms: Math.round(p95), status},
    evidence: `${samples - failed} of ${samples} answered, last status ${status || 'none'}`,
  }
}

async function statusOf(url: string, signal: AbortSignal, timeoutMs: number): Promise<number | null> {
  const answer = await exchange({method: 'GET', url, headers: {}, timeoutMs, maxBytes: MOST_BYTES}, signal)
  return answer.status
}

import {canonicalJson} from '../lib/canonical.ts'
import {formatDuration, parseDuration} from '../lib/durations.ts'
import {textOf} from '../lib/text-of.ts'
import type {JsonMap, Performed} from '../runbook/ports.ts'

/** A person waits for the check: as long as for a connection, however many answers a run would measure and whatever time it gives them. */
const GLANCE_MS = 3000
/** A run measures; a check shows where things stand. */
const MOST_SAMPLES = 10

/** Looks at addresses for one check: each question once, and nobody waits for the same silence twice. */
export class HttpGlances {
  /** Hosts that did not answer, and how that is told. */
  readonly #deaf = new Map<string, Performed>()
  /** What addresses answered, by how they were asked: a check shows one moment, and puts no more load on it than it must. */
  readonly #seen = new Map<string, Performed>()

  async look(given: JsonMap, signal: AbortSignal): Promise<Performed> {
    const url = textOf(given['url'])
    const host = URL.parse(url)?.host ?? url
    const asked = {...given, samples: Math.min(Number(given['samples'] ?? 1), MOST_SAMPLES)}
    const question = canonicalJson(asked)
    const before = this.#seen.get(question) ?? this.#deaf.get(host)
    if (before) return before
    const {DEFAULT_TIMEOUT_MS, EARLY_MS, probeHttp} = await import('./probe-http.ts')
    const timeoutMs = typeof given['timeout'] === 'string' ? parseDuration(given['timeout']) : DEFAULT_TIMEOUT_MS
    this.#deaf.set(host, silence(`${host} does not answer from here`)) // until it answers: a look that is cut short says nothing any more
    const began = performance.now()
    const performed = await probeHttp(asked, timeoutMs, signal, GLANCE_MS)
    if (performed.end === 'finished' && performed.outputs['status'] === 0) {
      const limitMs = Math.min(GLANCE_MS, timeoutMs)
      const isRefused = performance.now() - began < limitMs - EARLY_MS
      const silent = silence(isRefused ? `${host} does not answer from here` : `nothing answered at ${host} within ${formatDuration(limitMs)}`)
      this.#deaf.set(host, silent)
      return silent
    }
    this.#deaf.delete(host)
    this.#seen.set(question, performed)
    return performed
  }
}

/** In an outage silence is an answer. Before one it says nothing but that this machine does not reach it. */
function silence(message: string): Performed {
  return {end: 'failed', code: 'net.unreachable', message, retryable: true}
}

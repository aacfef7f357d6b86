import type {Position} from '../../incident/events.ts'
import type {Json} from '../../lib/canonical.ts'
import {systemClock} from '../../lib/clock.ts'
import {exchange, type HttpAnswer} from '../../lib/http-exchange.ts'
import {sha256Hex} from '../../lib/sha256.ts'
import {hostOf} from '../host-of.ts'
import {atJsonPath} from '../json-path.ts'
import type {Probe} from '../rod.ts'
import {secretText, withoutSecrets} from '../secret-text.ts'
import {type Comparison, meets} from './comparison.ts'
import {lookOf} from './expectation.ts'

/** What the users' path answers in one position; all that is named must be so. */
export interface HttpExpectation {
  readonly status?: number | readonly number[] | undefined
  /** Name → value; "*" = present. */
  readonly header?: Readonly<Record<string, string>> | undefined
  /** Contained in the body. */
  readonly body?: string | undefined
  readonly json?: (Comparison & {readonly path: string}) | undefined
  readonly latencyMs?: Comparison | undefined
  /** Where a refused connection is the effect: ECONNREFUSED. */
  readonly error?: string | undefined
}

export interface HttpProbeOptions {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly expect: ReadonlyMap<Position, HttpExpectation>
}

const MOST_BYTES = 65_536
const LONGEST_HEADER = 60

/**
 * Looks as a user would: one request, one fresh connection (kept-alive ones saw stale answers), no redirect followed.
 * @throws Fault secret.missing, when it is made
 */
export async function httpProbe({url, method, headers, timeoutMs, expect}: HttpProbeOptions, resolve: (reference: string) => Promise<string>): Promise<Probe> {
  const address = await secretText(url, resolve)
  const texts = await Promise.all(Object.entries(headers).map(async ([name, value]) => [name, await secretText(value, resolve)] as const))
  const sent = Object.fromEntries(texts.map(([name, text]) => [name.toLowerCase(), text.sent]))
  const secrets = [address, ...texts.map(([, text]) => text)]
  const name = `${method} ${address.shown.replace(/[?#].*$/, '')}`
  const chosen = new Set([...expect.values()].flatMap(expected => Object.keys(expected.header ?? {})).map(header => header.toLowerCase()))
  return {
    name,
    reaches: hostOf(address.sent),
    async look(signal) {
      const startTicks = systemClock.ticks()
      const answer = await exchange({method, url: address.sent, headers: {'user-agent': 'scram-probe', ...sent}, timeoutMs, maxBytes: MOST_BYTES}, signal)
      const latencyMs = Math.round(systemClock.ticks() - startTicks)
      if (answer.status === null) return lookOf(expect, expected => expected.error !== undefined && expected.error === answer.errno, answer.reason)
      const evidence = withoutSecrets(`${evidenceOf(answer, chosen)} in ${latencyMs} ms`, secrets)
      const json = parsed(answer.body)
      return lookOf(expect, expected => fits(expected, answer, json, latencyMs), evidence)
    },
  }
}

function fits({status, header, body, json: at, latencyMs, error}: HttpExpectation, answer: HttpAnswer, json: Json | undefined, tookMs: number): boolean {
  if (error !== undefined) return false
  if (status !== undefined && ![status].flat().includes(answer.status)) return false
  for (const [name, value] of Object.entries(header ?? {})) {
    const seen = answer.headers[name.toLowerCase()]
    if (seen === undefined || (value !== '*' && seen !== value)) return false
  }
  if (body !== undefined && !answer.body.includes(body)) return false
  if (at && (json === undefined || !meets(atJsonPath(json, at.path), at))) return false
  return latencyMs === undefined || meets(tookMs, latencyMs)
}

/** Status, the headers the expectation names, a digest of the body: enough to compare later, nothing of a stranger's text. */
function evidenceOf({status, headers, body}: HttpAnswer, chosen: ReadonlySet<string>): string {
  const shown = [...chosen].map(name => `${name}: ${(headers[name] ?? 'absent').replaceAll(/[^\x20-\x7e]/g, '?').slice(0, LONGEST_HEADER)}`)
  return [status, ...shown, `body ${sha256Hex(body).slice(0, 8)}`].join(', ')
}

function parsed(body: string): Json | undefined {
  try {
    return JSON.parse(body) as Json
  } catch {
    return undefined
  }
}

import type {Json} from '../../lib/canonical.ts'
import {exchange} from '../../lib/http-exchange.ts'
import {hostOf} from '../host-of.ts'
import {atJsonPath} from '../json-path.ts'
import {secretText, withoutSecrets} from '../secret-text.ts'
import {type Gauge, shownValue} from './gauge.ts'

export interface HttpGaugeOptions {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  /** Where the value stands in the JSON that is answered. */
  readonly json: string
  readonly timeoutMs: number
}

const MOST_BYTES = 65_536

/**
 * Reads one value over a fresh connection. Only a 2xx answer has one: what stands in an error page, or where a redirect
 * leads, was not measured.
 * @throws Fault secret.missing, when it is made
 */
export async function httpGauge({url, method, headers, json, timeoutMs}: HttpGaugeOptions, resolve: (reference: string) => Promise<string>): Promise<Gauge> {
  const address = await secretText(url, resolve)
  const texts = await Promise.all(Object.entries(headers).map(async ([name, value]) => [name, await secretText(value, resolve)] as const))
  const sent = Object.fromEntries(texts.map(([name, text]) => [name.toLowerCase(), text.sent]))
  const secrets = [address, ...texts.map(([, text]) => text)]
  const name = `${method} ${address.shown.replace(/[?#].*$/, '')} ${json}`
  return {
    name,
    reaches: hostOf(address.sent),
    async read(signal) {
      const answer = await exchange({method, url: address.sent, headers: {'user-agent': 'scram-guard', ...sent}, timeoutMs, maxBytes: MOST_BYTES}, signal)
      if (answer.status === null) return {value: undefined, evidence: `${name}: ${withoutSecrets(answer.reason, secrets)}`}
      if (answer.status < 200 || answer.status > 299) return {value: undefined, evidence: `${name}: answered ${answer.status}`}
      const document = parsed(answer.body)
      if (document === undefined) return {value: undefined, evidence: `${name}: the answer is not JSON`}
      const value = atJsonPath(document, json)
      if (value === undefined) return {value, evidence: `${name}: the answer has no such value`}
      return {value, evidence: `${name} = ${shownValue(value)}`}
    },
  }
}

function parsed(body: string): Json | undefined {
  try {
    return JSON.parse(body) as Json // whatever JSON.parse answers is JSON
  } catch {
    return undefined
  }
}

import type {Json} from '../../lib/canonical.ts'
import {sha256Hex} from '../../lib/sha256.ts'
import {atJsonPath} from '../json-path.ts'
import {type Comparison, meets} from './comparison.ts'
import type {Answer} from './user-request.ts'

/** What the users' path answers in one position; all that is named must be so. */
export interface HttpExpectation {
  readonly status?: number | readonly number[] | undefined
  /** Name → value; "*" = present. */
  readonly header?: Readonly<Record<string, string>> | undefined
  /** Contained in the body. */
  readonly body?: string | undefined
  readonly json?: (Comparison & {readonly path: string}) | undefined
  /** In milliseconds, to the end of the body. */
  readonly latency?: Comparison | undefined
  /** Where a refused connection is the effect: ECONNREFUSED. */
  readonly error?: string | undefined
}

const LONGEST_HEADER = 60

export function fits({status, header, body, json, latency, error}: HttpExpectation, answer: Answer): boolean {
  if (error !== undefined) return false
  if (status !== undefined && ![status].flat().includes(answer.status)) return false
  for (const [name, value] of Object.entries(header ?? {})) {
    const seen = answer.headers[name.toLowerCase()]
    if (seen === undefined || (value !== '*' && seen !== value)) return false
  }
  if (body !== undefined && !answer.body.includes(body)) return false
  if (json && !meets(valueIn(answer.body, json.path), json)) return false
  return latency === undefined || meets(answer.latencyMs, latency)
}

/** Status, the headers the expectations name, a digest of the body: enough to compare later, nothing of a stranger's text. */
export function evidenceOf({status, headers, body, isCut, latencyMs, redirects}: Answer, expected: readonly HttpExpectation[]): string {
  const chosen = new Set(expected.flatMap(({header}) => Object.keys(header ?? {})).map(name => name.toLowerCase()))
  const shown = [...chosen].map(name => `${name}: ${(headers[name] ?? 'absent').replaceAll(/[^\x20-\x7e]/g, '?').slice(0, LONGEST_HEADER)}`)
  const followed = redirects > 0 ? [`after ${redirects} redirect${redirects > 1 ? 's' : ''}`] : []
  return [status, ...shown, `${isCut ? 'first 64 KiB of ' : ''}body ${sha256Hex(body).slice(0, 8)}`, ...followed].join(', ').concat(` in ${latencyMs} ms`)
}

/** The value at `path` of a body; `undefined` where the body is no JSON or has none there. */
export function valueIn(body: string, path: string): Json | undefined {
  try {
    return atJsonPath(JSON.parse(body) as Json, path) // what JSON.parse returns is Json
  } catch {
    return undefined
  }
}

import {z} from 'zod'
import type {Position} from '../../incident/events.ts'
import type {Json} from '../../lib/canonical.ts'
import {Fault} from '../../lib/fault.ts'
import {hostOf} from '../host-of.ts'
import {askJson, place, sendSet} from '../http-control.ts'
import {type Filling, fillRequest, type SetTemplate, showRequest} from '../http-set.ts'
import {atJsonPath, isJsonPath} from '../json-path.ts'
import {isPosition, positionForm, positionNumber} from '../position.ts'
import type {Capabilities, Driver, DriverContext, Reading, SetCall} from '../rod.ts'
import {type SecretText, secretText, withoutSecrets} from '../secret-text.ts'
import {valueMap} from '../value-map.ts'

export const summary = 'any HTTP admin API: one request sets the position, another reads it back'

/** Control characters in an address or a header are smuggled requests, never meant. */
const printable = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^\P{Cc}*$/u, 'has a control character in it')
const reference = 'may be a reference: env:NAME, file:/path, exec:[argv]'
const url = printable
  .refine(isAddress, 'must be an http:// or https:// address without user:password and without a placeholder in its host, or a secret reference')
  .describe(`http:// or https://; {position}, {value} and {why} are percent-encoded; ${reference}`)
const headers = z
  .record(z.string(), printable)
  .refine(given => Object.keys(given).every(name => /^[A-Za-z0-9-]{1,64}$/.test(name)), 'has a key that is no header name')
  .default({})
  .describe(`a value ${reference}, alone or after one word ("Bearer env:TOKEN")`)

const set = z
  .strictObject({
    method: z.enum(['PUT', 'PATCH', 'POST', 'DELETE', 'GET']).describe('absolute and idempotent, whatever the method'),
    url: url.optional(),
    urls: z.array(url).min(1).max(8).optional().describe('tried in order until one answers'),
    headers,
    json: z.json().optional().describe('body; "{value}" alone keeps its type'),
    form: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    text: z.string().max(65_536).optional(),
    ok: z.array(z.int().min(200).max(299)).min(1).default([200, 201, 202, 204]).describe('statuses that acknowledge'),
  })
  .refine(({url, urls}) => (url === undefined) !== (urls === undefined), 'needs either url or urls')
  .refine(({json, form, text}) => [json, form, text].filter(body => body !== undefined).length <= 1, 'takes one of json, form, text')

export const options = z.strictObject({
  set,
  get: z
    .strictObject({url, headers, json: z.string().refine(isJsonPath, 'must be $ and then .name or [n]').describe('where the value stands: $.maintenance')})
    .optional()
    .describe('how the control side is asked; without it the rod reads unknown for ever'),
  values: z.record(z.string(), z.json()).default({}).describe('position → value where they differ; one-to-one'),
  if_match: z.boolean().default(false).describe('send the ETag of `get` as If-Match, so that nobody is overwritten'),
})

export const can: Capabilities = {named: true, percent: true, rate: true, cas: true, ttl: false, survivesRestart: true}

type Options = z.output<typeof options>
interface Get {
  readonly url: SecretText
  readonly headers: Readonly<Record<string, SecretText>>
  readonly json: string
}

/**
 * Drives a rod over HTTP. `set` sends once per address, in order, until one answers (and once more after a 429 that says
 * when). What a status says is in `http-fault.ts`.
 */
export async function open(given: Options, context: DriverContext): Promise<Driver> {
  const {positions} = context
  const values = valueMap(given.values, positions, context.invalid)
  const form = positionForm(positions)
  const resolved: SecretText[] = []
  const text = async (raw: string) => {
    const both = await secretText(raw, context.secret)
    resolved.push(both)
    return both
  }
  const texts = async (raw: Readonly<Record<string, string>>) =>
    Object.fromEntries(await Promise.all(Object.entries(raw).map(async ([name, value]) => [name, await text(value)] as const)))
  const setHeaders = await texts(given.set.headers)
  const templates: SetTemplate[] = []
  for (const raw of given.set.urls ?? [given.set.url ?? '']) {
    templates.push({method: given.set.method, url: await text(raw), headers: setHeaders, body: bodyOf(given.set)})
  }
  const get: Get | null = given.get ? {url: await text(given.get.url), headers: await texts(given.get.headers), json: given.get.json} : null
  const filling = (position: Position, why: string): Filling => ({position: positionNumber(position, form) ?? position, value: values.valueAt(position), why})

  return {
    targets: [''],
    can: {...can, cas: given.if_match},
    reaches: [...templates.map(({url}) => url), ...(get ? [get.url] : [])].flatMap(({sent}) => hostOf(sent)),
    plan: to => templates.map((template, i) => `${i > 0 ? 'or, without an answer, ' : ''}${showRequest(template, filling(to, '{why}'))}`),
    async set(to, call) {
      if (!isPosition(to, positions)) throw new Fault('rod.refused', `${JSON.stringify(to.slice(0, 40))} is no position of this rod; nothing was sent`)
      return setAny(templates, filling(to, call.why), call, given, resolved)
    },
    read: ({signal}) => readOne(get, signal, values.positionOf, resolved),
  }
}

function bodyOf({json, form, text}: Options['set']): SetTemplate['body'] {
  if (json !== undefined) return {json: json as Json} // z.json() is what Json says, but for readonly
  if (form !== undefined) return {form}
  return text === undefined ? null : {text}
}

/** The first address that answers decides; one that may have taken it makes "unreachable" a lie. */
async function setAny(templates: readonly SetTemplate[], filling: Filling, call: SetCall, given: Options, secrets: readonly SecretText[]): Promise<string> {
  const failures: Fault[] = []
  for (const template of templates) {
    try {
      const detail = await setOne(template, filling, call, given, secrets)
      return [...failures.map(failure => failure.message), detail].join('; then ')
    } catch (error) {
      if (!(error instanceof Fault) || (error.code !== 'rod.unreachable' && error.code !== 'rod.unanswered')) throw error
      failures.push(error)
    }
  }
  const code = failures.some(failure => failure.code === 'rod.unanswered') ? 'rod.unanswered' : 'rod.unreachable'
  throw new Fault(code, failures.map(failure => failure.message).join('; '))
}

async function setOne(template: SetTemplate, filling: Filling, call: SetCall, given: Options, secrets: readonly SecretText[]): Promise<string> {
  const {expect, signal} = call
  const filled = fillRequest(template, filling)
  const ifMatch = given.if_match && expect !== undefined ? {'if-match': expect} : {}
  const where = place(template.method, template.url)
  const {status} = await sendSet({...filled, headers: {...filled.headers, ...ifMatch}}, given.set.ok, {where, secrets, signal})
  return `${where} ${status}`
}

async function readOne(
  get: Get | null,
  signal: AbortSignal,
  positionOf: (value: Json | undefined) => Position | 'unknown',
  secrets: readonly SecretText[],
): Promise<Reading> {
  if (!get) return {position: 'unknown', evidence: 'this rod has no `get`'}
  const headers = Object.fromEntries(Object.entries(get.headers).map(([name, text]) => [name, text.sent]))
  const where = place('GET', get.url)
  const told = await askJson({url: get.url.sent, headers}, signal)
  if (told.document === undefined) return {position: 'unknown', evidence: withoutSecrets(`${where} ${told.reason}`, secrets)}
  const {document, etag} = told
  const value = atJsonPath(document, get.json)
  const position = positionOf(value)
  return {
    position,
    ...(etag !== undefined && etag.length <= 200 && {version: etag}),
    evidence: withoutSecrets(`${where} 200 ${get.json} ${value === undefined ? 'is missing' : `is ${shownValue(value, position)}`}`, secrets),
  }
}

/** A value of the map is the workspace's own word; of anything else only the kind, for it is the body of a stranger. */
function shownValue(value: Json, position: Position | 'unknown'): string {
  if (position !== 'unknown' || typeof value === 'number' || typeof value === 'boolean' || value === null) return JSON.stringify(value)
  return typeof value === 'string' ? 'another text' : Array.isArray(value) ? 'a list' : 'an object'
}

function isAddress(text: string): boolean {
  if (/^(env:[A-Za-z_]\w*|file:\/[^{]+|exec:\[.+\])$/.test(text)) return true
  const address = URL.parse(text)
  return address !== null && /^https?:$/.test(address.protocol) && address.username === '' && address.password === '' && !/^[^/]*\/\/[^/?#]*\{/.test(text)
}

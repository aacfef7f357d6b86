import type {Position} from '../incident/events.ts'
import type {Json} from '../lib/canonical.ts'
import type {HttpRequest} from '../lib/http-exchange.ts'
import type {SecretText} from './secret-text.ts'

/** What the placeholders of a request stand for in one move. */
export interface Filling {
  readonly position: Position | number
  readonly value: Json
  readonly why: string
}

export interface SetTemplate {
  readonly method: string
  readonly url: SecretText
  readonly headers: Readonly<Record<string, SecretText>>
  readonly body: {readonly json: Json} | {readonly form: Readonly<Record<string, string | number | boolean>>} | {readonly text: string} | null
}

/** The request as it goes out, but for its limits. */
export function fillRequest({method, url, headers, body}: SetTemplate, filling: Filling): Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'> {
  const filled = filledBody(body, filling)
  return {
    method,
    url: fillUrl(url.sent, filling),
    headers: {...filled?.headers, ...Object.fromEntries(Object.entries(headers).map(([name, {sent}]) => [name, sent]))},
    ...(filled && {body: filled.body}),
  }
}

/** The same for a person: one line, secrets as their reference, `{why}` as it stands where the reason is not known yet. */
export function showRequest({method, url, headers, body}: SetTemplate, filling: Filling): string {
  const shown = Object.entries(headers).map(([name, text]) => `${name}: ${text.shown}`)
  const address = fillUrl(url.shown, filling).replaceAll('%7Bwhy%7D', '{why}')
  return [`${method} ${address}`, ...shown, filledBody(body, filling)?.body].filter(part => part !== undefined).join('  ')
}

function filledBody(body: SetTemplate['body'], filling: Filling): {headers: Record<string, string>; body: string} | null {
  if (body === null) return null
  if ('json' in body) return {headers: {'content-type': 'application/json'}, body: JSON.stringify(fillJson(body.json, filling))}
  if ('text' in body) return {headers: {'content-type': 'text/plain; charset=utf-8'}, body: fillText(body.text, filling)}
  const fields = Object.entries(body.form).map(([name, value]): [string, string] => [name, fillText(String(value), filling)])
  return {headers: {'content-type': 'application/x-www-form-urlencoded'}, body: new URLSearchParams(fields).toString()}
}

/** In the parsed tree, never in its text: a reason with a quote cannot change the document. */
function fillJson(json: Json, filling: Filling): Json {
  if (typeof json === 'string') {
    if (json === '{value}') return filling.value
    return json === '{position}' ? filling.position : fillText(json, filling)
  }
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) return json.map((member: Json) => fillJson(member, filling))
  return Object.fromEntries(Object.entries(json).map(([key, member]) => [key, fillJson(member, filling)]))
}

function fillUrl(url: string, filling: Filling): string {
  return fillText(url, filling, encodeURIComponent)
}

function fillText(text: string, {position, value, why}: Filling, encode: (text: string) => string = plain => plain): string {
  const words = {position: String(position), value: typeof value === 'string' ? value : JSON.stringify(value), why}
  return text.replaceAll(/\{(position|value|why)\}/g, (_, name: keyof typeof words) => encode(words[name].toWellFormed()))
}

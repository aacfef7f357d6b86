import {Fault} from '../lib/fault.ts'
import type {HttpAnswer} from '../lib/http-exchange.ts'
import type {NoAnswer} from '../lib/no-answer.ts'
import {type SecretText, withoutSecrets} from './secret-text.ts'

type RodFaultCode = 'rod.unreachable' | 'rod.unanswered' | 'rod.refused' | 'rod.moved'

export interface Telling {
  /** Method and address for people. */
  readonly where: string
  readonly secrets: readonly SecretText[]
  /** The key of a JSON error that names its kind in one word (`not_found`): shown where there is one. */
  readonly errorKey?: string
}

/**
 * What an answer says about a `set`: back it comes when its status is one of `ok`. 401, 403, 404, 410, 422, other 4xx
 * refused · 409, 412 moved · 408, 425, 5xx, silence unanswered · 429 unreachable, it was not taken · a redirect or a
 * login page is somebody else answering.
 * @throws Fault rod.unreachable · rod.unanswered · rod.refused · rod.moved, without any of the secrets
 */
export function acknowledged(answer: HttpAnswer | NoAnswer, ok: readonly number[], {where, secrets, errorKey}: Telling): HttpAnswer {
  const told = verdict(answer, ok)
  if (told.code === null) return told.answer
  const named = answer.status === null || errorKey === undefined ? '' : errorName(answer, errorKey)
  throw new Fault(told.code, withoutSecrets(`${where}${told.tail}${named}`, secrets))
}

type Verdict = {readonly code: null; readonly answer: HttpAnswer} | {readonly code: RodFaultCode; readonly tail: string}

function verdict(answer: HttpAnswer | NoAnswer, ok: readonly number[]): Verdict {
  if (answer.status === null) return {code: answer.wasSent ? 'rod.unanswered' : 'rod.unreachable', tail: `: ${answer.reason}`}
  const {status} = answer
  if (ok.includes(status)) return isPage(answer) ? {code: 'rod.unanswered', tail: ` ${status}: ${PAGE}`} : {code: null, answer}
  return {code: codeOf(status), tail: ` ${status}${remark(answer)}`}
}

/** What a status means that does not acknowledge. */
export function codeOf(status: number): RodFaultCode {
  if (status >= 300 && status < 400) return 'rod.refused'
  if (status === 409 || status === 412) return 'rod.moved'
  if (status === 429) return 'rod.unreachable'
  return status === 408 || status === 425 || status >= 500 || status < 300 ? 'rod.unanswered' : 'rod.refused'
}

function remark(answer: HttpAnswer): string {
  const {status} = answer
  if (status >= 300 && status < 400) return `: something answers in its place (it redirects to ${redirectHost(answer)})`
  if (status === 429) return ': it takes no more requests now'
  return status === 409 || status === 412 ? ': it was changed meanwhile' : ''
}

/** What is said of HTML where an API should answer. */
export const PAGE = 'a web page answers in its place (login page or proxy)'

export const isPage = ({headers}: HttpAnswer) => /^text\/html\b/i.test(headers['content-type'] ?? '')

function redirectHost({headers}: HttpAnswer): string {
  return URL.parse(headers['location'] ?? '')?.host || 'another path'
}

/** One word of a stranger's body, and only if it looks like one. */
function errorName({body}: HttpAnswer, key: string): string {
  try {
    const error = JSON.parse(body) as Readonly<Record<string, unknown>> | null
    const name = typeof error === 'object' && error !== null && Object.hasOwn(error, key) ? error[key] : undefined
    return typeof name === 'string' && /^[A-Za-z]\w{0,60}$/.test(name) ? ` (${name})` : ''
  } catch {
    return ''
  }
}

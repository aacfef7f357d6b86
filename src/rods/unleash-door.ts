import type {Json} from '../lib/canonical.ts'
import {Fault} from '../lib/fault.ts'
import {askJson, place, sendSet, type Told} from './http-control.ts'
import {codeOf} from './http-fault.ts'
import {type SecretText, withoutSecrets} from './secret-text.ts'
import {type FlagState, flagState, isArchived} from './unleash-state.ts'

/** One flag in one environment, as Unleash's admin API has it. */
export interface UnleashDoor {
  /** The address of the flag in the environment. */
  readonly url: string
  /**
   * Sends what moves it, and answers with one line.
   * @throws Fault rod.unreachable · rod.unanswered · rod.refused · rod.moved
   */
  send(method: 'POST' | 'PATCH', path: string, signal: AbortSignal, body?: string): Promise<string>
  /**
   * How it stands before anything is moved. Nothing is sent that moves it: no answer is `rod.unreachable`.
   * @throws Fault rod.unreachable · rod.refused
   */
  before(signal: AbortSignal): Promise<FlagState>
  /** How it stands, or one line about why nobody knows. Does not reject; an abort passes through. */
  look(signal: AbortSignal): Promise<FlagState | string>
}

interface At {
  readonly base: string
  readonly project: string
  readonly flag: string
  readonly environment: string
}

export function unleashDoor({base, project, flag, environment}: At, token: SecretText): UnleashDoor {
  const secrets = [token]
  const headers = {authorization: token.sent}
  const flagUrl = `${base}/api/admin/projects/${project}/features/${flag}`
  const url = `${flagUrl}/environments/${environment}`
  const asked = place('GET', {shown: url})
  const stateIn = (told: Told): FlagState | string => {
    if (told.document === undefined) return withoutSecrets(`${asked} ${told.reason}`, secrets)
    return flagState(told.document) ?? `${asked} 200: no flag in the answer`
  }
  return {
    url,
    async send(method, path, signal, body) {
      const where = place(method, {shown: `${url}${path}`})
      const typed = body === undefined ? {} : {'content-type': 'application/json'}
      const request = {method, url: `${url}${path}`, headers: {...headers, ...typed}, ...(body !== undefined && {body})}
      const {status} = await sendSet(request, [200], {where, secrets, signal, errorKey: 'name'})
      return `${where} ${status}`
    },
    async before(signal) {
      const told = await askJson({url, headers}, signal)
      const state = stateIn(told)
      if (typeof state !== 'string') return state
      const isRefused = told.document === undefined && told.answer.status !== null && codeOf(told.answer.status) === 'rod.refused'
      throw new Fault(isRefused ? 'rod.refused' : 'rod.unreachable', `${state}; nothing was changed`)
    },
    async look(signal) {
      const [whole, told] = await Promise.all([askJson({url: flagUrl, headers}, signal), askJson({url, headers}, signal)])
      if (whole.document === undefined) return withoutSecrets(`${place('GET', {shown: flagUrl})} ${whole.reason}${goneAt(whole)}`, secrets)
      return isCurrent(whole.document) ? stateIn(told) : `${place('GET', {shown: flagUrl})} 200: archived`
    },
  }
}

/** The environment of an archived flag goes on answering as before; the flag itself is gone. */
const goneAt = (told: Told) => (told.document === undefined && told.answer.status === 404 ? ': archived, or not there' : '')
const isCurrent = (document: Json) => isArchived(document) === false

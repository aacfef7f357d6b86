import {z} from 'zod'
import type {Position} from '../../incident/events.ts'
import {Fault} from '../../lib/fault.ts'
import {baseAddress, secretReference} from '../base-address.ts'
import {hostOf} from '../host-of.ts'
import {askJson, place, sendSet} from '../http-control.ts'
import {codeOf} from '../http-fault.ts'
import {isPosition, positionForm, positionNumber} from '../position.ts'
import type {Capabilities, Driver, DriverContext, Reading} from '../rod.ts'
import {withoutSecrets} from '../secret-text.ts'
import {twoPositions} from '../two-positions.ts'
import {enabledStrategies, type FlagState, flagState, isArchived, onlyRollout} from '../unleash-state.ts'

export const summary = 'a flag of Unleash in one environment, on or off, or the rollout of its one strategy'

/** What Unleash takes for a name, but for the two that would lead to another path. */
const name = z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,100}$/, 'must be 1 to 100 letters, digits, . _ ~ or -')

export const options = z.strictObject({
  url: baseAddress.describe('where Unleash answers; its API is at /api below'),
  project: name.default('default'),
  flag: name,
  environment: name,
  token: secretReference.describe('of an admin or service account, by reference; the token of a client cannot move anything'),
  inserted: z.enum(['disabled', 'enabled']).describe('how the flag stands when the rod is in'),
  create_strategy: z.boolean().default(false).describe('let Unleash create a rollout at 100 % when it is enabled and has no strategy'),
})

export const can: Capabilities = {named: true, percent: true, rate: false, cas: false, ttl: false, survivesRestart: true}

/**
 * Enables and disables a flag, or sets the rollout of its only strategy. SDKs ask every 15 s (their default), so
 * `verify.timeout` must be longer. Enabling reads first: Unleash creates a rollout to everybody where there is no enabled
 * strategy, and that is another flag than the team had. A share on an environment that is off sets the rollout, then
 * enables: cut off in between, nothing has changed for users.
 */
export async function open(given: z.output<typeof options>, context: DriverContext): Promise<Driver> {
  const {positions, secret} = context
  const isShare = positionForm(positions) === 'percent'
  const [out, fullyIn] = isShare ? ['withdrawn', '100%'] : twoPositions(context, 'a flag is on or off, or a share')
  const sent = await secret(given.token)
  const secrets = [{shown: given.token, sent}]
  const headers = {authorization: sent}
  const flagUrl = `${given.url}/api/admin/projects/${given.project}/features/${given.flag}`
  const url = `${flagUrl}/environments/${given.environment}`
  const whenIn = given.inserted === 'enabled'
  const isOnAt = (to: Position) => (to === fullyIn) === whenIn
  /** Refused are those who do not get the flag, where it is disabled to insert. */
  const rolloutAt = (to: Position) => (whenIn ? shareOf(to) : 100 - shareOf(to))
  const patchAt = (to: Position) => JSON.stringify([{op: 'replace', path: '/parameters/rollout', value: String(rolloutAt(to))}])

  const send = async (method: 'POST' | 'PATCH', path: string, signal: AbortSignal, body?: string): Promise<string> => {
    const where = place(method, {shown: `${url}${path}`})
    const typed = body === undefined ? {} : {'content-type': 'application/json'}
    const request = {method, url: `${url}${path}`, headers: {...headers, ...typed}, ...(body !== undefined && {body})}
    const {status} = await sendSet(request, [200], {where, secrets, signal, errorKey: 'name'})
    return `${where} ${status}`
  }

  /** Asked before anything is moved: without an answer nothing was sent that moves. */
  const before = async (signal: AbortSignal): Promise<FlagState> => {
    const where = place('GET', {shown: url})
    const told = await askJson({url, headers}, signal)
    const state = told.document === undefined ? null : flagState(told.document)
    if (state) return state
    const code = told.document === undefined && told.answer.status !== null ? codeOf(told.answer.status) : 'rod.unreachable'
    const reason = told.document === undefined ? told.reason : '200: no flag in the answer'
    throw new Fault(code === 'rod.unanswered' ? 'rod.unreachable' : code, withoutSecrets(`${where} ${reason}; nothing was changed`, secrets))
  }

  const setShare = async (to: Position, signal: AbortSignal): Promise<string> => {
    const state = await before(signal)
    const only = onlyRollout(state)
    if (!only) throw new Fault('rod.refused', `${given.flag} in ${given.environment} ${NO_ROLLOUT}; nothing was changed`)
    const patched = await send('PATCH', `/strategies/${only.id}`, signal, patchAt(to))
    return state.enabled ? patched : `${patched}; then ${await send('POST', '/on', signal)}`
  }

  const setOn = async (signal: AbortSignal): Promise<string> => {
    if (!given.create_strategy && enabledStrategies(await before(signal)).length === 0)
      throw new Fault('rod.refused', `${given.flag} in ${given.environment} ${NO_STRATEGY}; nothing was changed`)
    return send('POST', '/on', signal)
  }

  return {
    targets: [''],
    can: {...can, named: !isShare, percent: isShare},
    reaches: hostOf(given.url),
    plan(to) {
      const as = `authorization: ${given.token}`
      const look = `GET ${url}  ${as}`
      if (isShare)
        return [
          `${look}: its one enabled flexibleRollout, else it is refused`,
          `PATCH ${url}/strategies/{id}  ${as}  content-type: application/json  ${patchAt(to)}`,
          `where it is off, then POST ${url}/on  ${as}`,
        ]
      if (!isOnAt(to)) return [`POST ${url}/off  ${as}`]
      return [...(given.create_strategy ? [] : [`${look}: without an enabled strategy it is refused`]), `POST ${url}/on  ${as}`]
    },
    async set(to, {signal}) {
      if (!isPosition(to, positions)) throw new Fault('rod.refused', `${JSON.stringify(to.slice(0, 40))} is no position of this rod; nothing was sent`)
      if (isShare) return setShare(to, signal)
      return isOnAt(to) ? setOn(signal) : send('POST', '/off', signal)
    },
    async read({signal}) {
      const where = place('GET', {shown: url})
      const unknown = (evidence: string): Reading => ({position: 'unknown', evidence: withoutSecrets(evidence, secrets)})
      const [flag, told] = await Promise.all([askJson({url: flagUrl, headers}, signal), askJson({url, headers}, signal)])
      if (flag.document === undefined) return unknown(`${place('GET', {shown: flagUrl})} ${flag.reason}: archived or not there`)
      if (isArchived(flag.document) !== false) return unknown(`${place('GET', {shown: flagUrl})} 200: archived`)
      if (told.document === undefined) return unknown(`${where} ${told.reason}`)
      const state = flagState(told.document)
      if (!state) return unknown(`${where} 200: no flag in the answer`)
      const seen = isShare ? shareIn(state, whenIn) : {position: switchIn(state, whenIn ? [out, fullyIn] : [fullyIn, out])}
      return {position: seen.position, evidence: `${where} 200 ${described(state)}`}
    },
    async advise({signal}) {
      const told = await askJson({url, headers}, signal)
      const state = told.document === undefined ? null : flagState(told.document)
      if (!state) return []
      if (isShare) return onlyRollout(state) ? [] : [`${given.flag} in ${given.environment} ${NO_ROLLOUT}: every move will be refused`]
      if (given.create_strategy || enabledStrategies(state).length > 0) return []
      return [`${given.flag} in ${given.environment} ${NO_STRATEGY}: ${whenIn ? 'inserting' : 'withdrawing'} will be refused`]
    },
  }
}

const NO_ROLLOUT = 'has not exactly one enabled flexibleRollout, without constraints and segments'
const NO_STRATEGY = 'has no enabled strategy, and Unleash would create a rollout to everybody (create_strategy: true allows it)'

const shareOf = (position: Position) => positionNumber(position, 'percent') ?? 0

/** On with every strategy disabled is on for nobody, whatever `enabled` says. */
function switchIn(state: FlagState, [off, on]: readonly [Position, Position]): Position | 'unknown' {
  if (!state.enabled) return off
  return state.strategies.length > 0 && enabledStrategies(state).length === 0 ? 'unknown' : on
}

function shareIn(state: FlagState, whenIn: boolean): {position: Position | 'unknown'} {
  const rollout = state.enabled ? onlyRollout(state)?.rollout : 0
  if (rollout === undefined || rollout === null) return {position: 'unknown'}
  const share = whenIn ? rollout : 100 - rollout
  return {position: share === 0 ? 'withdrawn' : `${share}%`}
}

function described(state: FlagState): string {
  const strategies = enabledStrategies(state).length
  const rollout = onlyRollout(state)?.rollout
  const shown = rollout === undefined ? '' : `, rollout ${rollout ?? 'is no share'}`
  return `enabled is ${state.enabled}, ${strategies} of ${state.strategies.length} strategies enabled${shown}`
}

import {z} from 'zod'
import type {Position} from '../../incident/events.ts'
import {Fault} from '../../lib/fault.ts'
import {baseAddress, secretReference} from '../base-address.ts'
import {hostOf} from '../host-of.ts'
import {place} from '../http-control.ts'
import {isPosition, positionForm, positionNumber} from '../position.ts'
import type {Capabilities, Driver, DriverContext} from '../rod.ts'
import {twoPositions} from '../two-positions.ts'
import {unleashDoor} from '../unleash-door.ts'
import {described, enabledStrategies, type FlagState, isOn, onlyRollout, sharedWith} from '../unleash-state.ts'

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

const NO_ROLLOUT = 'has not exactly one enabled flexibleRollout, without constraints and segments'
const NO_STRATEGY = 'has no enabled strategy, and Unleash would create a rollout to everybody (create_strategy: true allows it)'

/**
 * Enables and disables a flag, or sets the rollout of its only strategy. SDKs ask every 15 s (their default), so
 * `verify.timeout` must be longer. Enabling reads first: Unleash creates a rollout to everybody where there is no enabled
 * strategy, and that is another flag than the team had. A share where the environment is off sets the rollout, then
 * enables: cut off in between, nothing has changed for users.
 */
export async function open(given: z.output<typeof options>, context: DriverContext): Promise<Driver> {
  const {positions} = context
  const isShare = positionForm(positions) === 'percent'
  const [out, fullyIn] = isShare ? ['withdrawn', '100%'] : twoPositions(context, 'a flag is on or off, or a share')
  const door = unleashDoor({...given, base: given.url}, {shown: given.token, sent: await context.secret(given.token)})
  const whenIn = given.inserted === 'enabled'
  const flag = `${given.flag} in ${given.environment}`
  const isOnAt = (to: Position) => (to === fullyIn) === whenIn
  /** Refused is who does not get the flag, where it is disabled to insert. */
  const mirrored = (share: number) => (whenIn ? share : 100 - share)
  const patchAt = (to: Position) => JSON.stringify([{op: 'replace', path: '/parameters/rollout', value: String(mirrored(positionNumber(to, 'percent') ?? 0))}])

  const setShare = async (to: Position, signal: AbortSignal): Promise<string> => {
    const state = await door.before(signal)
    const only = onlyRollout(state)
    if (!only) throw new Fault('rod.refused', `${flag} ${NO_ROLLOUT}; nothing was changed`)
    const patched = await door.send('PATCH', `/strategies/${only.id}`, signal, patchAt(to))
    return state.enabled ? patched : `${patched}; then ${await door.send('POST', '/on', signal)}`
  }
  const setOn = async (signal: AbortSignal): Promise<string> => {
    if (!given.create_strategy && enabledStrategies(await door.before(signal)).length === 0)
      throw new Fault('rod.refused', `${flag} ${NO_STRATEGY}; nothing was changed`)
    return door.send('POST', '/on', signal)
  }
  const positionIn = (state: FlagState): Position | 'unknown' => {
    const reading = isShare ? sharedWith(state) : isOn(state)
    if (reading === null) return 'unknown'
    if (typeof reading === 'boolean') return reading === whenIn ? fullyIn : out
    const share = mirrored(reading)
    return share === 0 ? 'withdrawn' : `${share}%`
  }

  return {
    targets: [''],
    can: {...can, named: !isShare, percent: isShare},
    reaches: hostOf(given.url),
    plan(to) {
      const as = `authorization: ${given.token}`
      const look = `GET ${door.url}  ${as}`
      const enable = `POST ${door.url}/on  ${as}`
      if (isShare)
        return [
          `${look}  (refused without one enabled flexibleRollout)`,
          `PATCH ${door.url}/strategies/{id}  ${as}  content-type: application/json  ${patchAt(to)}`,
          `where it is off, then ${enable}`,
        ]
      if (!isOnAt(to)) return [`POST ${door.url}/off  ${as}`]
      return given.create_strategy ? [enable] : [`${look}  (refused without an enabled strategy)`, enable]
    },
    async set(to, {signal}) {
      if (!isPosition(to, positions)) throw new Fault('rod.refused', `${JSON.stringify(to.slice(0, 40))} is no position of this rod; nothing was sent`)
      if (isShare) return setShare(to, signal)
      return isOnAt(to) ? setOn(signal) : door.send('POST', '/off', signal)
    },
    async read({signal}) {
      const state = await door.look(signal)
      if (typeof state === 'string') return {position: 'unknown', evidence: state}
      return {position: positionIn(state), evidence: `${place('GET', {shown: door.url})} 200 ${described(state)}`}
    },
    async advise({signal}) {
      const state = await door.look(signal)
      if (typeof state === 'string') return [state]
      if (isShare) return onlyRollout(state) ? [] : [`${flag} ${NO_ROLLOUT}: every move will be refused`]
      if (given.create_strategy || enabledStrategies(state).length > 0) return []
      return [`${flag} ${NO_STRATEGY}: ${whenIn ? 'inserting' : 'withdrawing'} will be refused`]
    },
  }
}

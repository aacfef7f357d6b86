import {z} from 'zod'
import type {Position} from '../../incident/events.ts'
import {Fault} from '../../lib/fault.ts'
import {baseAddress, secretReference} from '../base-address.ts'
import {hostOf} from '../host-of.ts'
import {askJson, parseJson, place, sendSet} from '../http-control.ts'
import {atJsonPath} from '../json-path.ts'
import {isPosition} from '../position.ts'
import type {Capabilities, Driver, DriverContext} from '../rod.ts'
import {withoutSecrets} from '../secret-text.ts'
import {twoPositions} from '../two-positions.ts'

export const summary = "Heroku's maintenance mode of an app: its router answers instead of the web dynos; workers and scheduled jobs go on"

/** Anything else would be another path of the API. */
const APP = /^(?:[a-z][a-z0-9-]{1,28}[a-z0-9]|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

export const options = z.strictObject({
  app: z.string().regex(APP, 'must be the name of an app or its UUID').describe('name of the app, or its UUID'),
  token: secretReference.describe('by reference: env:HEROKU_API_KEY'),
  base: baseAddress.default('https://api.heroku.com').describe('where the Platform API answers [default: https://api.heroku.com]'),
})

export const can: Capabilities = {named: true, percent: false, rate: false, cas: false, ttl: false, survivesRestart: true}

const ACCEPT = 'application/vnd.heroku+json; version=3'

/**
 * Turns maintenance mode on and off with the requests Heroku's own CLI sends (test/peers/heroku compares them). The
 * answer of the PATCH holds the app, too: it is the acknowledgement, never the read-back. The CLI says "done" to a control
 * side that changes nothing (heroku/legacy-cli#335); here the read-back and the probe have the word.
 */
export async function open({app, token, base}: z.output<typeof options>, context: DriverContext): Promise<Driver> {
  const {positions} = context
  const [out, fullyIn] = twoPositions(context, 'maintenance mode is on or off')
  const sent = await context.secret(token)
  const secrets = [{shown: token, sent}]
  const url = `${base}/apps/${app}`
  const headers = {accept: ACCEPT, authorization: `Bearer ${sent}`}
  const bodyAt = (to: Position) => JSON.stringify({maintenance: to === fullyIn})

  return {
    targets: [''],
    can,
    reaches: hostOf(base),
    plan: to => [`PATCH ${url}  accept: ${ACCEPT}  authorization: Bearer ${token}  content-type: application/json  ${bodyAt(to)}`],
    async set(to, {signal}) {
      if (!isPosition(to, positions)) throw new Fault('rod.refused', `${JSON.stringify(to.slice(0, 40))} is no position of this rod; nothing was sent`)
      const where = place('PATCH', {shown: url})
      const request = {method: 'PATCH', url, headers: {...headers, 'content-type': 'application/json'}, body: bodyAt(to)}
      const {status, body} = await sendSet(request, [200], {where, secrets, signal, errorKey: 'id'})
      const claimed = atJsonPath(parseJson(body) ?? null, '$.maintenance')
      // Every answer of the API to this is the app: without one something else has spoken.
      if (typeof claimed !== 'boolean') throw new Fault('rod.unanswered', `${where} ${status}: no app in the answer`)
      return `${where} ${status} answers maintenance ${claimed}`
    },
    async read({signal}) {
      const where = place('GET', {shown: url})
      const told = await askJson({url, headers}, signal)
      if (told.document === undefined) return {position: 'unknown', evidence: withoutSecrets(`${where} ${told.reason}`, secrets)}
      const maintenance = atJsonPath(told.document, '$.maintenance')
      if (typeof maintenance !== 'boolean') return {position: 'unknown', evidence: `${where} 200: no app in the answer`}
      return {position: maintenance ? fullyIn : out, evidence: `${where} 200 maintenance is ${maintenance}`}
    },
  }
}

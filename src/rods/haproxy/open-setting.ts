import {positionForm} from '../position.ts'
import type {DriverContext} from '../rod.ts'
import {valueMap} from '../value-map.ts'
import {listeningSetting, maxconnSetting} from './frontend-setting.ts'
import {mapSetting, mapValue} from './map-setting.ts'
import {STATES, serverStateSetting, serverWeightSetting} from './server-setting.ts'
import type {Setting} from './setting.ts'

/** What the rod moves, as `with:` says it: exactly one of the three. */
export type What =
  | {readonly kind: 'map'; readonly map: string; readonly key: string}
  | {readonly kind: 'server'; readonly server: string}
  | {readonly kind: 'frontend'; readonly frontend: string}

type Values = Readonly<Record<string, string | number>>
const MOST_WEIGHT = 256
const MOST_CONNECTIONS = 1_000_000

/** @throws Fault config.invalid: positions that this kind of setting cannot take or tell apart */
export function openSetting(what: What, values: Values, {positions, invalid}: DriverContext): Setting {
  const hasValues = Object.keys(values).length > 0
  if (what.kind === 'map') {
    const texts = Object.fromEntries(Object.entries(values).map(([position, text]) => [position, mapValue(text)]))
    return mapSetting(what, valueMap(texts, positions, invalid))
  }
  if (positionForm(positions) !== 'named') throw invalid([what.kind], `a ${what.kind} has named positions only; for a share or a rate use map and key`)
  if (what.kind === 'server') {
    const [backend = '', server = ''] = what.server.split('/')
    if (hasValues) return serverWeightSetting(backend, server, numbers(0, MOST_WEIGHT, 'weight'))
    const stranger = positions.find(position => !Object.hasOwn(STATES, position))
    if (stranger === undefined) return serverStateSetting(backend, server)
    throw invalid(['server'], `a server has the positions ${Object.keys(STATES).join(', ')}, not ${stranger}; or give each its weight in values`)
  }
  if (hasValues) return maxconnSetting(what.frontend, numbers(1, MOST_CONNECTIONS, 'maxconn'))
  const [, stopped = '', another] = positions
  if (another === undefined) return listeningSetting(what.frontend, stopped)
  throw invalid(['frontend'], 'a frontend listens or it does not: two positions; or give each its maxconn in values')

  /** Zero connections would leave clients waiting without an answer (measured on 2.6), hence `least`. */
  function numbers(least: number, most: number, word: string) {
    const map = valueMap(values, positions, invalid)
    for (const position of positions) {
      const value = map.valueAt(position)
      if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) continue
      throw invalid(['values', ...(position in values ? [position] : [])], `${position} needs a ${word}, a whole number from ${least} to ${most}`)
    }
    return map
  }
}

import type {Json} from '../../lib/canonical.ts'
import type {ValueMap} from '../value-map.ts'
import {type Setting, type Shown, wordAt} from './setting.ts'

export interface MapEntry {
  /** As HAProxy knows it: the path its configuration has. */
  readonly map: string
  readonly key: string
}

/** Numbers and texts look alike in a map: `"25"` there is the 25 of `25%`. */
export function mapValue(text: string | number): Json {
  return typeof text === 'string' && /^(?:0|[1-9]\d{0,8})(?:\.\d{1,6})?$/.test(text) ? Number(text) : text
}

/**
 * One entry of a map, read by `show map`. Not by `get map`: that looks up as the traffic does, so for a `map_beg` it shows
 * the entry of a shorter key (`/` for `/api`), and of two entries of one key only the first.
 */
export function mapSetting({map, key}: MapEntry, values: ValueMap): Setting {
  const entries = (answer: string) => answer.split('\n').flatMap(line => entryOf(line, key))
  const trouble = (answer: string): string | null => {
    const found = entries(answer)
    if (found.length === 1) return null
    if (found.length > 1) return `duplicate entry: ${key} has ${found.length} lines in ${map}`
    return `entry not found: ${map} has no ${key}`
  }
  const valueIn = (answer: string) => {
    const [value, another] = entries(answer)
    return value === undefined || another !== undefined ? null : value
  }
  return {
    can: {named: true, percent: true, rate: true, cas: false, ttl: false, survivesRestart: false},
    level: 'operator',
    setLine: to => `set map ${map} ${key} ${wordAt(values, to)}`,
    already: [],
    readLine: `show map ${map}`,
    valueIn,
    read(answer): Shown {
      const value = valueIn(answer)
      if (value === null) return {position: 'unknown', says: isMap(answer) ? (trouble(answer) ?? '') : `no map ${map} is shown`}
      const position = values.positionOf(mapValue(value))
      return {position, says: position === 'unknown' ? `${key} has a value that is no position of this rod` : `${key} is ${value}`}
    },
    // `set map` changes every entry of the key; which of them the traffic meets after a reload is the file's secret.
    objection: ({answer}) => (isMap(answer) && entries(answer).length > 1 ? trouble(answer) : null),
    advice: [`a reload or restart of HAProxy reads ${map} from disk again: a rod that was in is out, without a word`],
  }
}

const ENTRY = /^0x[0-9a-f]+ (\S+) (.*)$/

function entryOf(line: string, wanted: string): string[] {
  const [, key, value] = ENTRY.exec(line) ?? []
  return key === wanted && value !== undefined ? [value] : []
}

const isMap = (answer: string) => answer.split('\n').every(line => line === '' || ENTRY.test(line))

import {realpathSync, type Stats, statSync} from 'node:fs'
import {geteuid} from 'node:process'
import {readFileBounded, replaceFile} from '../../lib/files.ts'
import type {MapEntry} from './map-setting.ts'

/** Read whole and written whole: a map that is longer belongs to somebody else. */
const MOST_BYTES = 1_048_576
/** Somebody else writes the same file just now: two rods of one map, a configuration manager. */
const MOST_TRIES = 3

/** What the file says of one key, or why it says nothing. */
export type OnDisk = {readonly value: string} | {readonly value: null; readonly reason: string}

/** Never throws; a map file that cannot be used is a reason. */
export function readMapFile({map, key}: MapEntry): OnDisk {
  try {
    return valueIn(readFileBounded(map, MOST_BYTES, {follow: true}).toString(), key)
  } catch (error) {
    return {value: null, reason: why(error)}
  }
}

/**
 * Gives the key another value in the map file, every other byte as it is, in one step that survives a power cut. A link is
 * followed, mode and owner are kept: a file that HAProxy cannot read any more would make its next reload fail. Answers
 * with why it could not be done, or null. Twice is once.
 *
 * It keeps no lock (that would outlive a kill -9): of two writers in the same millisecond one may undo the other's line.
 * That shows in the next reading, which compares the file with the running HAProxy.
 */
export function rewriteMapFile({map, key}: MapEntry, value: string): string | null {
  try {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const file = realpathSync(map)
      const before = statSync(file)
      const text = readFileBounded(file, MOST_BYTES).toString('latin1')
      const now = valueIn(text, key)
      if (now.value === null) return now.reason
      if (now.value === value) return null
      const reason = unkept(before)
      if (reason !== null) return reason
      const lines = text.split('\n').map(line => (keyOf(line) === key ? withValue(line, value) : line))
      if (!isSame(before, statSync(file))) continue
      replaceFile(file, Buffer.from(lines.join('\n'), 'latin1'), {mode: before.mode & 0o777, ...(mayOwn(before) && {owner: before})})
      return null
    }
    return 'somebody else keeps writing it'
  } catch (error) {
    return why(error)
  }
}

/** Leading blanks, key, blanks, value, trailing blanks: as HAProxy reads a line. `#` begins a comment only where the key would. */
const LINE = /^([ \t]*)([^# \t\r][^ \t\r]*)([ \t]*)(.*?)([ \t\r]*)$/

const keyOf = (line: string) => LINE.exec(line)?.[2]

function withValue(line: string, value: string): string {
  return line.replace(LINE, (_, indent: string, key: string, gap: string, _old: string, tail: string) => `${indent}${key}${gap || ' '}${value}${tail}`)
}

function valueIn(text: string, key: string): OnDisk {
  const lines = text.split('\n').filter(line => keyOf(line) === key)
  const [line, another] = lines
  if (line === undefined) return {value: null, reason: `it has no entry ${key}`}
  if (another !== undefined) return {value: null, reason: `duplicate entry: it has ${lines.length} lines for ${key}`}
  return {value: LINE.exec(line)?.[4] ?? ''}
}

const mayOwn = ({uid}: Stats) => geteuid?.() === 0 || geteuid?.() === uid

/** A file of somebody else becomes ours when it is replaced; harmless only where everybody may read it. */
function unkept(stats: Stats): string | null {
  return mayOwn(stats) || (stats.mode & 0o004) !== 0 ? null : 'it belongs to another user, and HAProxy could not read it once it is ours'
}

const isSame = (a: Stats, b: Stats) => a.ino === b.ino && a.mtimeMs === b.mtimeMs && a.size === b.size

function why(error: unknown): string {
  const {code, message} = error as NodeJS.ErrnoException
  return code !== undefined && /^E[A-Z]+$/.test(code) && !/^it is /.test(message) ? code : message
}

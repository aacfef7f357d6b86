import type {Position} from '../../incident/events.ts'
import {textOf} from '../../lib/text-of.ts'
import type {Capabilities} from '../rod.ts'
import type {ValueMap} from '../value-map.ts'

/** The level a socket must have for this, as `show cli level` names it. */
export type CliLevel = 'operator' | 'admin'

/** What one rod changes in HAProxy: the line that sets it, the line that shows it, and how its answer is read. */
export interface Setting {
  readonly can: Capabilities
  readonly level: CliLevel
  /** Sets it, absolutely. */
  setLine(to: Position): string
  /** What HAProxy answers to `setLine` where nothing was left to do: success, in other words than an empty answer. */
  readonly already: readonly string[]
  readonly readLine: string
  /** Total: an answer nobody understands is `unknown`. `says` is printable, without the answer itself. */
  read(answer: string): Shown
  /** Why nothing must be sent while `readLine` is answered like this, and by this release; null: go ahead. */
  objection?(before: {readonly answer: string; readonly release: string}, to: Position): string | null
  /** The bare value in an answer to `readLine`, where a file can hold it as well; null: none, or none that is clear. */
  valueIn?(answer: string): string | null
  /** How the position is lost, for a person who relies on it. */
  readonly advice: readonly string[]
}

export interface Shown {
  readonly position: Position | 'unknown'
  readonly says: string
}

/** The value of a position as a word of a line; there is none but words and numbers (`openSetting`). */
export function wordAt(values: ValueMap, position: Position): string {
  const value = values.valueAt(position)
  return typeof value === 'number' ? String(value) : textOf(value)
}

/** The lines of a table as HAProxy prints it, each a look-up by the name in its header: columns move between versions. */
export function rowsByHeader(answer: string, separator: string): ReadonlyMap<string, string>[] {
  const lines = answer.split('\n')
  const headerAt = lines.findIndex(line => line.startsWith('# '))
  if (headerAt < 0) return []
  const names = (lines[headerAt] ?? '').slice(2).split(separator)
  return lines
    .slice(headerAt + 1)
    .filter(line => line !== '')
    .map(line => new Map(line.split(separator).map((cell, i) => [names[i] ?? '', cell])))
}

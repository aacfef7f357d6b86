import {formatDuration} from '../../lib/durations.ts'

/** How views write instants and spans. `now` is handed in; absolute UTC always stands beside anything relative. */

/** Nothing rings where nobody listens: said whenever something is left to be due, a rod that goes in, a text for later, a run that parks. */
export const ONLY_WHILE_SCRAM_RUNS = 'only while some scram runs: scram watch'

/** `15:52:41Z` today, `2012-06-07 15:52:41Z` on another day. */
export function utc(at: string, now: number): string {
  const isToday = at.slice(0, 10) === new Date(now).toISOString().slice(0, 10)
  const time = `${at.slice(11, 19)}Z`
  return isToday ? time : `${at.slice(0, 10)} ${time}`
}

/** `4m12s`: from one instant to another (epoch ms or RFC 3339). */
export function span(from: string | number, to: string | number): string {
  return formatDuration(Math.max(0, ms(to) - ms(from)))
}

/** `15:52:41Z, 4m ago` or `16:20:00Z, in 12m`. */
export function ago(at: string, now: number): string {
  const distance = now - ms(at)
  return distance >= 0 ? `${utc(at, now)}, ${rough(distance)} ago` : `${utc(at, now)}, in ${rough(-distance)}`
}

/** Seconds matter below ten minutes, minutes below a day. */
export function rough(distanceMs: number): string {
  const unit = distanceMs < 600_000 ? 1000 : 60_000
  return formatDuration(Math.floor(distanceMs / unit) * unit)
}

function ms(instant: string | number): number {
  return typeof instant === 'number' ? instant : Date.parse(instant)
}

/** Two columns: a label and its lines. */
export function field(label: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, i) => `  ${(i === 0 ? label : '').padEnd(10)} ${line}`)
}

/** Aligns columns of plain text; the last one is left as it is. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)))
  return rows.map(row => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '))
}

/** A person's text on one line of a list. */
export function oneLine(text: string, most = 100): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  return flat.length > most ? `${flat.slice(0, most - 1)}…` : flat
}

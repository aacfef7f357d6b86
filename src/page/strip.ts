import {COMPONENT_STATUSES, type ComponentStatus} from '../incident/words.ts'
import type {ComponentRow} from './component-rows.ts'
import {type Markup, markup} from './markup.ts'
import {STATUS_CLASS, STATUS_WORDS} from './status-marks.ts'
import {dayWords, shortDay} from './times.ts'
import {DAY_MS, percent, WINDOW_DAYS} from './uptime.ts'

/** Days named in the text of a strip; more are counted. */
const NAMED = 5
/** A bar of 3 and a gap of 2. */
const STEP = 5

/**
 * Ninety days as one picture with one name. A path a status, each a dashed line that the style sheet cuts into bars: that
 * keeps forty components small. Days with trouble stand out by height too, and the name says which they were.
 */
export function strip({name, history}: ComponentRow, day: string): Markup {
  const {days, uptime, knownDays} = history
  const statuses: readonly (ComponentStatus | null)[] = [null, ...COMPONENT_STATUSES]
  const paths = statuses.map(status => path(status, runs(days, status)))
  const width = WINDOW_DAYS * STEP - 2
  const shown = uptime === null ? 'No data yet' : `${percent(uptime)} % uptime over ${knownDays === 1 ? '1 day' : `${knownDays} days`}`
  return markup`<svg class="strip" viewBox="0 0 ${width} 28" preserveAspectRatio="none" role="img" aria-label="${summary(name, shown, troubled(days, day))}">${paths}</svg><p><span>${dayWords(dayBefore(day, WINDOW_DAYS - 1))}</span><span>${shown}</span><span>${dayWords(day)}</span></p>`
}

function path(status: ComponentStatus | null, lines: string): Markup | null {
  if (lines === '') return null
  if (status === null) return markup`<path class="nd" d="${lines}"/>`
  return markup`<path class="${STATUS_CLASS[status]}${status === 'operational' ? '' : ' tall'}" d="${lines}"/>`
}

/** One line per stretch of days with this status; the dashes begin anew with each, at the left edge of its first bar. */
function runs(days: readonly (ComponentStatus | null)[], status: ComponentStatus | null): string {
  let lines = ''
  for (let from = 0; from < days.length; from++) {
    if (days[from] !== status) continue
    let to = from
    while (to + 1 < days.length && days[to + 1] === status) to++
    lines += `M${from * STEP} 14h${(to - from) * STEP + 3}`
    from = to
  }
  return lines
}

function troubled(days: ComponentRow['history']['days'], day: string): readonly string[] {
  return days.flatMap((status, i) => {
    const isTrouble = status !== null && status !== 'operational'
    return isTrouble ? [`${shortDay(dayBefore(day, WINDOW_DAYS - 1 - i))} ${STATUS_WORDS[status].toLowerCase()}`] : []
  })
}

function summary(name: string, uptime: string, trouble: readonly string[]): string {
  if (trouble.length === 0) return `${name}: ${uptime}, no day of trouble is known`
  const more = trouble.length > NAMED ? ` and ${trouble.length - NAMED} more` : ''
  return `${name}: ${uptime}, ${trouble.length} ${trouble.length === 1 ? 'day' : 'days'} not fully operational: ${trouble.slice(-NAMED).join(', ')}${more}`
}

export function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10)
}

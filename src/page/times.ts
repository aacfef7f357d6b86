import {type Markup, markup} from './markup.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const LONG_MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

/** `14 Mar 2026`. Written here and not by Intl, so that every machine prints the same. */
export function dayWords(instant: string): string {
  return `${Number(instant.slice(8, 10))} ${MONTHS[Number(instant.slice(5, 7)) - 1] ?? '?'} ${instant.slice(0, 4)}`
}

/** `14 Mar`. */
export function shortDay(instant: string): string {
  return dayWords(instant).slice(0, -5)
}

/** `14 Mar 2026, 09:41 UTC`: complete, absolute, with its zone. Static text that says "5 minutes ago" would lie. */
export function fullTime(instant: string, precision: 'minutes' | 'seconds' = 'minutes'): Markup {
  return markup`<time datetime="${machine(instant)}">${dayWords(instant)}, ${instant.slice(11, precision === 'minutes' ? 16 : 19)} UTC</time>`
}

/** `09:41 UTC` where `day` is said already; on any other day the whole. */
export function clockTime(instant: string, day: string): Markup {
  if (instant.slice(0, 10) !== day.slice(0, 10)) return fullTime(instant)
  return markup`<time datetime="${machine(instant)}">${instant.slice(11, 16)} UTC</time>`
}

function machine(instant: string): string {
  return `${instant.slice(0, 19)}Z`
}

/** `2026-03` → `March 2026`. */
export function monthWords(month: string): string {
  return `${LONG_MONTHS[Number(month.slice(5, 7)) - 1] ?? '?'} ${month.slice(0, 4)}`
}

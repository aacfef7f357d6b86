import type {Json} from '../lib/canonical.ts'

/** `404`, `2xx`, or a list of such. */
export const STATUSES_WANTED = 'wants a status such as 200, a class such as 2xx, or a list of them'

/** What a page says that is there: it was moved, or it was found. */
export const FINE: Json = ['2xx', '3xx']

/** Whether this is what `status` takes. */
export function isStatuses(value: Json): boolean {
  return listed(value).length > 0 && listed(value).every(item => STATUS.test(String(item)) && (typeof item === 'number' || typeof item === 'string'))
}

export function isExpected(status: number, wanted: Json): boolean {
  return listed(wanted).some(item => String(item) === String(status) || String(item).toLowerCase() === `${Math.floor(status / 100)}xx`)
}

/** `2xx or 3xx`. */
export function statusesWords(wanted: Json): string {
  return listed(wanted).map(String).join(' or ')
}

const STATUS = /^[1-5](?:\d\d|xx|XX)$/

function listed(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [value]
}

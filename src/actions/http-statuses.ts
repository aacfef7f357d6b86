import type {Json} from '../lib/canonical.ts'

/** `404`, `2xx`, or a list of such. */
export const STATUSES_WANTED = 'wants a status such as 200, a class such as 2xx, or a list of them'

/** What a page says that is there: it was found, or it was moved. */
export const FINE: Json = ['2xx', '3xx']

/** Whether this is what `status` takes. */
export function isStatuses(value: Json): boolean {
  const words = listed(value)
  return words.length > 0 && words.every(word => STATUS.test(word))
}

export function isExpected(status: number, wanted: Json): boolean {
  return listed(wanted).some(word => word === String(status) || word.toLowerCase() === `${Math.floor(status / 100)}xx`)
}

/** `2xx or 3xx`. */
export function statusesWords(wanted: Json): string {
  return listed(wanted).join(' or ')
}

const STATUS = /^[1-5](?:\d\d|xx|XX)$/

/** What is neither a text nor a number is no status, and becomes a word that is none. */
function listed(value: Json): readonly string[] {
  const items: readonly Json[] = Array.isArray(value) ? value : [value]
  return items.map(item => (typeof item === 'string' || typeof item === 'number' ? String(item) : ''))
}

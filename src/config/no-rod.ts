import {Fault} from '../lib/fault.ts'
import {nearest} from '../lib/nearest.ts'
import {safeLine} from '../lib/text.ts'

/** @param file where it was looked for */
export function noRod(id: string, ids: readonly string[], file: string): Fault {
  const near = nearest(id, ids)
  const has = ids.length === 0 ? 'it has none' : `it has ${ids.slice(0, 12).join(', ')}${ids.length > 12 ? ' …' : ''}`
  return new Fault('rod.not-found', `there is no rod "${safeLine(id).slice(0, 60)}" in ${file}; ${has}`, {
    hints: [near ? `scram rod show ${near}` : 'scram rod list'],
  })
}

import type {Facts} from '../facts.ts'
import type {Part, Pen} from '../pen.ts'
import {dayOf, time} from '../say.ts'

/** Promises that nothing recorded has kept, with the update that made them. */
export function openPromises({cadence}: Facts, pen: Pen): readonly Part[] {
  const next = cadence.promises
    .filter(({result, answeredBy}) => result === 'open' || (result === 'late' && answeredBy === null))
    .map(({update, by}) => `Update ${update} promised the next update by ${day(by)}.`)
  const others = cadence.openPromises.map(({update, what, text, by}) => {
    const thing = what === 'postmortem' ? 'a postmortem' : (text ?? 'something')
    return `Update ${update} promised ${thing}${by === undefined ? '' : ` by ${day(by)}`}.`
  })
  const lines = [...next, ...others]
  return lines.length === 0 ? [pen.paragraph('No open promise is recorded.')] : [pen.bullets(lines)]
}

const day = (at: string) => `${dayOf(Date.parse(at))} ${time(at)} UTC`

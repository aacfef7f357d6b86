import {printLength} from '../../incident/durations-print.ts'
import type {Opaque, Recorded} from '../../incident/events.ts'
import type {Facts} from '../facts.ts'
import type {Part, Pen} from '../pen.ts'
import {time} from '../say.ts'
import {isKind} from '../who.ts'

/** What failed besides the first thing: one line for each subject. Empty when nothing did, and then there is no section. */
export function secondFailures({impact, steps, events, name}: Facts, pen: Pen): readonly Part[] {
  const components = impact.components
    .filter(({kind, impacted}) => kind !== 'service' && impacted !== null)
    .map(({component, kind, impacted}) => `${name(component)} (${kind}) was impaired for ${printLength(impacted)}.`)
  const failed = steps.filter(({isFailure}) => isFailure).map(({key, outcome}) => `Step ${key}: ${outcome}.`)
  const lines = [...components, ...counted(events), ...failed]
  return lines.length === 0 ? [] : [pen.bullets(lines)]
}

/** The same failure of the same thing is one line, however often it came. */
function counted(events: readonly (Recorded | Opaque)[]): readonly string[] {
  const seen = new Map<string, {times: number; first: string}>()
  for (const event of events) {
    const what = failureOf(event)
    if (what === null) continue
    const known = seen.get(what)
    seen.set(what, known ? {...known, times: known.times + 1} : {times: 1, first: event.at})
  }
  return [...seen].map(([what, {times, first}]) => `${what}${times > 1 ? `, ${times} times, first` : ''} at ${time(first)} UTC.`)
}

function failureOf(event: Recorded | Opaque): string | null {
  if (isKind(event, 'rod.jammed')) return `Rod ${event.data.rod} jammed`
  if (isKind(event, 'rod.unverified')) return `Rod ${event.data.rod} could not be verified`
  if (isKind(event, 'rod.drifted') && event.data.seen !== event.data.expected) return `Rod ${event.data.rod} drifted`
  if (isKind(event, 'page.failed')) return `The page could not be published at ${event.data.target}`
  if (isKind(event, 'delivery.failed')) return `A delivery by ${event.data.channel} failed`
  return null
}

import {printLength} from '../../incident/durations-print.ts'
import {instantOf} from '../../incident/instant.ts'
import {between} from '../../incident/length.ts'
import {formatDuration} from '../../lib/durations.ts'
import type {Facts} from '../facts.ts'
import type {Part, Pen} from '../pen.ts'

const LIKE_A_PROMISE = /\b(post-?mortem|root cause analysis|rca|follow[- ]up)\b/i

/** What the record shows and a person may want to judge. No judgement, no cause. */
export function observations(facts: Facts, pen: Pen): readonly Part[] {
  const lines = [...aboutRods(facts), ...aboutTalk(facts)]
  if (lines.length === 0) return [pen.paragraph('The tool noticed nothing to put before you.')]
  return [pen.paragraph('The tool noticed, for you to judge:'), pen.bullets(lines)]
}

function aboutRods({rods, impact}: Facts): readonly string[] {
  const first = rods.find(({verifiedIn}) => verifiedIn !== null)?.verifiedIn
  const lines = first && impact.start ? [`The first rod was inserted ${printLength(between(impact.start, instantOf(first)))} after the impact began.`] : []
  const left = rods.filter(({out}) => out === null).map(({rod}) => `Rod ${rod} was not withdrawn, as far as this record goes.`)
  const unseen = rods.filter(({verifiedIn, sent}) => sent !== null && verifiedIn === null).map(({rod}) => `Rod ${rod} was sent in and never verified.`)
  return [...lines, ...left, ...unseen]
}

function aboutTalk({state, impact, cadence, policyMs, name}: Facts): readonly string[] {
  const first = state.updates.reduce<(typeof state.updates)[number] | null>((earliest, each) => (earliest && earliest.at <= each.at ? earliest : each), null)
  const firstMs = first ? Date.parse(first.at) : null
  const impaired = impact.components.filter(
    ({kind, phases}) => kind === 'communication' && firstMs !== null && phases.some(({from, to}) => from.atMs <= firstMs && firstMs < to.atMs),
  )
  const {longest} = cadence
  const isOver = longest !== null && policyMs !== null && longest.length.ms > policyMs
  const late = cadence.promises.filter(({result}) => result === 'late')
  return [
    ...impaired.map(({component}) => `${name(component)} was impaired when update 1 was posted: public is not readable.`),
    ...(isOver ? [`The longest silence was ${printLength(longest.length)}, against a policy of ${formatDuration(policyMs)}.`] : []),
    ...late.map(({update, lateMs}) => `The promise of update ${update} was late by ${formatDuration(lateMs)}.`),
    ...state.updates
      .filter(({promises, body, redacted}) => promises.length === 0 && redacted === undefined && LIKE_A_PROMISE.test(body))
      .map(({number}) => `Update ${number} reads like a promise; none is recorded with it.`),
  ]
}

import type {z} from 'zod'
import type {Position} from '../../incident/events.ts'
import type {guard, releaseWhen} from '../guard-schema.ts'
import type {Issue} from '../rod-context.ts'
import type {rod} from '../schema.ts'
import {comparisonFlaw, overlap} from './comparison-flaw.ts'
import {stepIssues} from './ladder.ts'

export type WithdrawSection = NonNullable<z.output<typeof rod>['withdraw']>
export type GuardSection = z.output<typeof guard>
export type ReleaseSection = z.output<typeof releaseWhen>

/** Where `withdraw` says nothing. Three step-backs: two were enough at 60 % load, eight were not at 80 %. */
export const BUILT_IN_WITHDRAW = {dwell: 4000, every: 500, max_step_backs: 3} as const

/** A guard is load on the system it guards, at its worst moment. */
const SHORTEST_EVERY_MS = 50

/** What is wrong with a `withdraw` section beyond its shape, each with its place in the rod: for opening and for lint. */
export function withdrawIssues(section: WithdrawSection, positions: readonly Position[]): readonly Issue[] {
  const {steps = [], guard, release_when, dwell, max_step_backs} = section
  const issues = stepIssues(steps, positions).map(({index, message}) => ({path: ['steps', index], message}))
  if (!guard) return issues.concat(issuesWithoutGuard({steps: section.steps, release_when, dwell, max_step_backs})).map(within)
  return [...issues, ...guardIssues(guard, dwell ?? BUILT_IN_WITHDRAW.dwell), ...(release_when ? releaseIssues(release_when) : [])].map(within)
}

function within({path, message}: Issue): Issue {
  return {path: ['withdraw', ...path], message}
}

const WITHOUT_GUARD = {
  steps: 'steps need a guard: taken by the clock alone they were measured as a second incident. Without one a person takes them, one by one',
  release_when: 'needs a guard beside it; where this is all there is to look at, write it as the guard',
  dwell: 'is how long the guard must be good, and there is no guard',
  max_step_backs: 'counts what a guard takes back, and there is no guard',
} as const

function issuesWithoutGuard(given: {readonly [K in keyof typeof WITHOUT_GUARD]: unknown}): {path: (string | number)[]; message: string}[] {
  const keys = Object.keys(WITHOUT_GUARD) as (keyof typeof WITHOUT_GUARD)[] // its own, just above
  return keys.filter(key => given[key] !== undefined).map(key => ({path: [key], message: WITHOUT_GUARD[key]}))
}

function guardIssues({advance, back, every, http}: GuardSection, dwellMs: number): readonly Issue[] {
  const issues: Issue[] = []
  const everyMs = every ?? BUILT_IN_WITHDRAW.every
  const flaw = comparisonFlaw(advance)
  if (flaw) issues.push({path: ['guard', 'advance'], message: flaw})
  const backFlaw = back && comparisonFlaw(back)
  if (backFlaw) issues.push({path: ['guard', 'back'], message: backFlaw})
  const both = back && !flaw && !backFlaw ? overlap(advance, back) : undefined
  if (both !== undefined) issues.push({path: ['guard', 'back'], message: `${JSON.stringify(both)} would mean advance and back at once`})
  if (everyMs < SHORTEST_EVERY_MS) issues.push({path: ['guard', 'every'], message: `is at least ${SHORTEST_EVERY_MS}ms: a guard is load too`})
  if (dwellMs < everyMs) issues.push({path: ['dwell'], message: `must be at least one look apart (every ${everyMs}ms), else one look is all there is`})
  return [...issues, ...windowIssues(['guard'], http)]
}

function releaseIssues({http, command: _, ...when}: ReleaseSection): readonly Issue[] {
  const flaw = comparisonFlaw(when)
  return [...(flaw ? [{path: ['release_when'], message: flaw}] : []), ...windowIssues(['release_when'], http)]
}

function windowIssues(path: Issue['path'], http: GuardSection['http']): readonly Issue[] {
  return http?.change_over === 0 ? [{path: [...path, 'http', 'change_over'], message: 'is more than 0: nothing grows in no time'}] : []
}

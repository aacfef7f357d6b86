import type {Json} from '../lib/canonical.ts'
import {formatDuration} from '../lib/durations.ts'
import {asksOf} from './check-asks.ts'
import {planRun, planUses} from './check-effect.ts'
import {type Filling, fillingOf, fillStep, knownIssues} from './check-fill.ts'
import {laterLines} from './check-later.ts'
import {lookOnce, sampleOnce} from './check-look.ts'
import {type Branch, type CheckedRow, rowOf} from './check-row.ts'
import {type Check, finished, type Sight, skipped} from './check-world.ts'
import {type Live, live} from './frames.ts'
import type {JsonMap} from './ports.ts'
import {renderText} from './render.ts'
import {isBeforeEffect} from './render-step.ts'
import type {Node, Step} from './runbook.ts'
import {type Judge, threeValued} from './three-valued.ts'

/** A step with its values filled in as far as they are known, on its way to a row. */
export interface Checking {
  readonly step: Live
  readonly branch: Branch
  readonly filling: Filling
  readonly sent: JsonMap
}

/** What is found out about a step; the rest of its row is the same for all. */
export type Found = Partial<Pick<CheckedRow, 'uses' | 'effect' | 'lines' | 'asks' | 'changes' | 'seen' | 'isKnown' | 'finding' | 'because' | 'branch'>> & {
  readonly requests?: readonly string[]
}

/** One step: would it run, what exactly would it do, and what of it is known to the steps after it. */
export async function checkStep(check: Check, sight: Sight, node: Step): Promise<void> {
  const step = live(sight.frame, node)
  const standing = {instance: step.instance, depth: sight.depth, kind: step.kind, title: step.name} as const
  let branch: Branch = sight.isSure ? 'yes' : 'maybe'
  check.unresolved.add(step.instance) // until something is known
  try {
    const judge = await threeValued(check, sight)
    const answer = branchOf(judge, node, sight.isSure)
    branch = answer.branch
    if (branch === 'no') {
      skipped(check, step.instance, 'if')
      check.rows.push(rowOf({...standing, ...answer, isKnown: true}))
      return
    }
    const filling = fillingOf(judge)
    const title = check.ports.mask(renderText(node.name, filling.shown))
    const {sent, sealed} = fillStep(check, node, filling)
    const checking: Checking = {step, branch, filling, sent}
    const asks = asksOf(node, title, filling)
    const later = await laterLines(check, node, sight.frame.list, filling)
    const {requests = [], ...found} = await outlook(check, sight, checking)
    const lines = [...(found.lines ?? []), ...later]
    const row = rowOf({...standing, ...answer, title, asks, ...found, lines, sent, sealed: requests.length > 0 ? {...sealed, requests} : sealed})
    check.rows.push(masked(check, row))
  } catch (error) {
    if (!isBeforeEffect(error)) throw error
    check.rows.push(masked(check, rowOf({...standing, branch, finding: error.message})))
  }
}

/** Would it run? An `if` that cannot be told makes it `maybe`; so does one around it. @throws ExpressionError */
export function branchOf(judge: Judge, {if: source}: Node, isSure: boolean): {readonly branch: Branch; readonly because: string | null} {
  if (source === null) return {branch: isSure ? 'yes' : 'maybe', because: null}
  const judged = judge(source)
  if (!judged.known) return {branch: 'maybe', because: `not known yet: ${source}`}
  if (judged.value !== true) return {branch: 'no', because: `is false: ${source}`}
  return {branch: isSure ? 'yes' : 'maybe', because: null}
}

async function outlook(check: Check, sight: Sight, checking: Checking): Promise<Found> {
  const {step, sent, filling} = checking
  switch (step.kind) {
    case 'uses': {
      const row = check.ports.actions.get(step.uses)
      if (!row) return {finding: `there is no action ${step.uses}`}
      const [issue] = knownIssues(await row.check(sent), sent, filling)
      const more = {uses: row.id, effect: row.effect} as const
      if (issue) return {...more, finding: `${step.uses}: ${issue.message}`}
      if (row.effect === 'none') return {...more, ...(await lookOnce(check, checking, {uses: row.id, with: sent, line: row.describe(sent)}))}
      return {...more, ...(await planUses(check, checking, row))}
    }
    case 'run':
      return {uses: 'exec', effect: step.effect, ...(await planRun(check, checking, step))}
    case 'manual':
      return {}
    case 'wait':
      if (checking.branch === 'yes') finished(check, step.instance, {})
      return {lines: [`waits ${formatDuration(step.waitMs)}`], isKnown: checking.branch === 'yes'}
    case 'wait_until':
      return sampleOnce(check, sight, checking, step)
    default:
      return step satisfies never
  }
}

/** Whatever a value brought along is taken out of everything that is shown or kept. */
function masked(check: Check, row: CheckedRow): CheckedRow {
  return maskIn(row as unknown as Json, check.ports.mask) as unknown as CheckedRow // a row is plain JSON
}

function maskIn(value: Json, mask: (text: string) => string): Json {
  if (typeof value === 'string') return mask(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: Json) => maskIn(item, mask))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskIn(item as Json, mask)]))
}

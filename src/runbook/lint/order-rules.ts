import {PUBLIC_STATUSES} from '../../incident/words.ts'
import type {Json} from '../../lib/canonical.ts'
import type {Finding} from '../finding.ts'
import {type Step, stepsOf, type UsesStep} from '../runbook.ts'
import {type Checked, finding} from './checked.ts'

/** Doubts about the order of things: what is left in, what is withdrawn or resolved unguarded, what users hear too late. */
export function orderRules(checked: Checked): readonly Finding[] {
  const {runbook} = checked
  const uses = [...stepsOf(runbook.steps)].filter((step): step is UsesStep => step.kind === 'uses')
  return [...leftIn(checked, uses), ...unguarded(checked, uses), ...statuses(checked, uses), ...unannounced(checked, uses)]
}

const RANK: ReadonlyMap<string, number> = new Map(PUBLIC_STATUSES.map((status, rank) => [status, rank]))

const rowOf = ({actions}: Checked, {uses}: UsesStep) => actions.get(uses)?.id ?? uses
/** A `with` value as text; what is no text names nothing. */
const textOf = (value: Json | undefined) => (typeof value === 'string' ? value : '')
const place = ({source}: Checked, {path}: Step) => source.at([...path, 'uses'])

function* leftIn(checked: Checked, uses: readonly UsesStep[]): Generator<Finding> {
  for (const [index, step] of uses.entries()) {
    if (rowOf(checked, step) !== 'rod/insert' || Object.hasOwn(step.with, 'expires')) continue
    const isWithdrawn = uses.slice(index + 1).some(later => rowOf(checked, later) === 'rod/withdraw' && later.with['rod'] === step.with['rod'])
    if (!isWithdrawn)
      yield finding(
        checked,
        'W',
        'rod-left-in',
        place(checked, step),
        `${textOf(step.with['rod'])} stays inserted: no withdrawal follows and no \`expires\` is given`,
      )
  }
}

function* unguarded(checked: Checked, uses: readonly UsesStep[]): Generator<Finding> {
  for (const step of uses) {
    const row = rowOf(checked, step)
    const rod = textOf(step.with['rod'])
    if (row === 'rod/withdraw' && step.confirm === null && !checked.names?.guarded.includes(rod)) {
      yield finding(checked, 'W', 'withdraw-unguarded', place(checked, step), 'neither a guard nor a `confirm` stands before this withdrawal')
    }
    if (row === 'resolve' && !checked.expressions.names(step.if ?? '').has('rods')) {
      yield finding(checked, 'W', 'resolve-unguarded', place(checked, step), 'this resolves without looking at `rods.inserted`')
    }
  }
}

function* statuses(checked: Checked, uses: readonly UsesStep[]): Generator<Finding> {
  let highest = -1
  for (const step of uses) {
    if (rowOf(checked, step) !== 'update') continue
    const rank = RANK.get(textOf(step.with['status'])) ?? -1
    if (rank < 0) continue
    if (rank < highest) {
      const message = `${PUBLIC_STATUSES[rank]} comes after ${PUBLIC_STATUSES[highest]}`
      yield finding(checked, 'W', 'status-order', checked.source.at([...step.path, 'with', 'status']), message)
    }
    highest = Math.max(highest, rank)
  }
}

/** Only where the runbook speaks to the public at all: some are run inside another's incident. */
function* unannounced(checked: Checked, uses: readonly UsesStep[]): Generator<Finding> {
  const first = uses.findIndex(step => ['open', 'update'].includes(rowOf(checked, step)))
  for (const [index, step] of uses.entries()) {
    if (index < first && rowOf(checked, step) === 'rod/insert') {
      yield finding(checked, 'W', 'unannounced', place(checked, step), 'users feel this rod before the first public update')
    }
  }
}

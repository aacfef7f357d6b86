import {PUBLIC_STATUSES} from '../../incident/words.ts'
import {formatDuration} from '../../lib/durations.ts'
import {textOf} from '../../lib/text-of.ts'
import type {Finding} from '../finding.ts'
import type {UsesStep} from '../runbook.ts'
import {valueAt} from '../schema-findings.ts'
import {type Checked, finding} from './checked.ts'
import {everyNode, type Seen} from './walk.ts'

/** Doubts about the order of things: what is withdrawn or resolved unguarded, what users hear too late, or too seldom. */
export function orderRules(checked: Checked): readonly Finding[] {
  const uses = [...everyNode(checked.runbook)].filter((seen): seen is Seen<UsesStep> => seen.node.kind === 'uses')
  const steps = uses.map(({node}) => node)
  return [...uses.flatMap(seen => [...unguarded(checked, seen)]), ...statuses(checked, steps), ...unannounced(checked, steps), ...cadence(checked)]
}

const RANK: ReadonlyMap<string, number> = new Map(PUBLIC_STATUSES.map((status, rank) => [status, rank]))

/** Rows have a long form; the short verb is what these rules speak of. */
const rowOf = ({actions}: Checked, {uses}: UsesStep) => (actions.get(uses)?.id ?? uses).replace(/^incident\//, '')
const place = ({source}: Checked, {path}: UsesStep) => source.at([...path, 'uses'])

function* unguarded(checked: Checked, {node, owners}: Seen<UsesStep>): Generator<Finding> {
  const row = rowOf(checked, node)
  const isGuarded = checked.names?.guarded.includes(textOf(node.with['rod'])) ?? false
  if (row === 'rod/withdraw' && node.confirm === null && !node.approve && !isGuarded) {
    yield finding(checked, 'W', 'withdraw-unguarded', place(checked, node), 'neither a guard nor a `confirm` stands before this withdrawal')
  }
  const conditions = [node, ...owners].flatMap(({if: source}) => source ?? [])
  if (row === 'resolve' && !conditions.some(source => checked.expressions.names(source).has('rods'))) {
    yield finding(checked, 'W', 'resolve-unguarded', place(checked, node), 'this resolves without looking at `rods.inserted`')
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

/** A clock that is slower than what the workspace promises; none at all where it matters most. */
function* cadence(checked: Checked): Generator<Finding> {
  const {runbook, source, names} = checked
  const {severity, updates} = runbook
  if (severity === null) return
  const promisedMs = names?.cadenceMs[severity]
  if (updates && promisedMs !== undefined && updates.everyMs > promisedMs) {
    const message = `every ${textOf(valueAt(source.value, ['updates', 'every']))} is slower than the ${formatDuration(promisedMs)} this workspace promises for ${severity.toUpperCase()}`
    yield finding(checked, 'W', 'cadence', source.at(['updates', 'every']), message)
  }
  if (!updates && (severity === 'sev1' || severity === 'sev2')) {
    const every = promisedMs === undefined ? '20m' : formatDuration(promisedMs)
    const message = `a ${severity.toUpperCase()} without \`updates\`: nobody is reminded of the next public update; write \`updates: { every: ${every} }\``
    yield finding(checked, 'W', 'cadence', source.at(['severity']), message)
  }
}

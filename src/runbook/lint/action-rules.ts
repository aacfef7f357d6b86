import {ROLES} from '../../incident/words.ts'
import type {Json} from '../../lib/canonical.ts'
import {nearest} from '../../lib/nearest.ts'
import type {YamlPath} from '../../lib/yaml-source.ts'
import type {Finding} from '../finding.ts'
import type {JsonMap} from '../ports.ts'
import {isTemplated} from '../template.ts'
import {type Checked, finding} from './checked.ts'
import {everyNode, everyUse, isStep, type Use} from './walk.ts'

/** That an action exists, may stand there, takes what it is given, and names what the workspace has. */
export async function actionRules(checked: Checked): Promise<readonly Finding[]> {
  const found = await Promise.all([...everyUse(checked.runbook)].map(use => judge(checked, use)))
  return [...found.flat(), ...roles(checked)]
}

async function judge(checked: Checked, use: Use): Promise<readonly Finding[]> {
  const {actions, source} = checked
  const at = source.at([...use.path, 'uses'])
  const row = actions.get(use.uses)
  if (!row) {
    const near = nearest(use.uses, actions.ids())
    return [finding(checked, 'E', 'unknown-action', at, `there is no action \`${use.uses}\`${near ? `, nearest: ${near}` : ''}`)]
  }
  if (use.of === 'probe' && row.effect !== 'none') return [finding(checked, 'E', 'unknown-action', at, `\`${row.id}\` changes something; a probe only looks`)]
  if (use.of === 'abort' && row.effect !== 'none' && row.effect !== 'record') {
    return [finding(checked, 'E', 'abort-effect', at, `\`on_abort\` may look and record, not act: \`${row.id}\` acts`)]
  }
  const issues = (await row.check(use.with)).filter(({path}) => !isUnderTemplate(use.with, path))
  const inputs = issues.map(({path, message}) => {
    const key = path.length > 0 && !message.startsWith(`\`${path.join('.')}\``) ? `\`${path.join('.')}\` ` : ''
    return finding(checked, 'E', 'action-input', source.at([...use.path, 'with', ...path]), `${row.id}: ${key}${message}`)
  })
  return [...inputs, ...names(checked, use)]
}

/** What a value will be is known when it is rendered, not now. */
function isUnderTemplate(given: JsonMap, path: readonly (string | number)[]): boolean {
  let value: Json | undefined = given
  for (const part of path) {
    if (typeof value !== 'object' || value === null) break
    value = (value as Record<string | number, Json>)[part] // a map or a list: both are read by key
  }
  return typeof value === 'string' && isTemplated(value)
}

function* names(checked: Checked, {with: given, path}: Use): Generator<Finding> {
  if (!checked.names) return
  const {rods, components, banks, broken} = checked.names
  const rod = given['rod']
  if (typeof rod === 'string' && Object.hasOwn(broken, rod)) {
    yield finding(checked, 'E', 'broken-rod', checked.source.at([...path, 'with', 'rod']), `rod \`${rod}\` does not check: ${broken[rod]}`)
  }
  yield* unknown(checked, [...path, 'with', 'rod'], 'rod', given['rod'], rods)
  yield* unknown(checked, [...path, 'with', 'bank'], 'bank', given['bank'], banks)
  yield* unknown(checked, [...path, 'with', 'component'], 'component', given['component'], components)
  const map = given['components']
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return
  for (const id of Object.keys(map)) yield* unknown(checked, [...path, 'with', 'components', id], 'component', id, components, true)
}

function* unknown(checked: Checked, path: YamlPath, what: string, id: Json | undefined, known: readonly string[], isKey = false): Generator<Finding> {
  if (typeof id !== 'string' || isTemplated(id) || known.includes(id)) return
  const {source} = checked
  const message = `scram.yaml has no ${what} \`${id}\`; it has ${known.join(', ') || 'none'}`
  yield finding(checked, 'E', 'unknown-name', isKey ? source.keyAt(path) : source.at(path), message)
}

/** Roles are ours, not the workspace's. */
function* roles(checked: Checked): Generator<Finding> {
  for (const {node} of everyNode(checked.runbook)) {
    if (!isStep(node) || !node.approve) continue
    for (const [index, role] of node.approve.from.entries()) {
      if ((ROLES as readonly string[]).includes(role)) continue
      const place = checked.source.at([...node.path, 'approve', 'from', index])
      yield finding(checked, 'E', 'unknown-name', place, `there is no role \`${role}\`; there are ${ROLES.join(', ')}`)
    }
  }
}

import {formatDuration} from '../lib/durations.ts'
import {type Filling, knownIssues} from './check-fill.ts'
import type {Check} from './check-world.ts'
import {commandLines} from './command-lines.ts'
import type {ActionTable} from './ports.ts'
import {renderMap} from './render.ts'
import {BadInput, sentOf} from './render-step.ts'
import type {NodeList, RunStep, Step, UndoScope, UsesStep, Verify} from './runbook.ts'

/**
 * What comes after the effect, if it comes to that: its verification, its undo with the undo's own, and where a failure leads.
 * @throws BadInput the undo could not be carried out as it is written
 */
export async function laterLines({ports: {actions}}: Check, step: Step, list: NodeList, filling: Filling): Promise<readonly string[]> {
  const {shown} = filling
  const verify = step.kind === 'uses' || step.kind === 'run' ? step.verify : null
  return [
    ...(verify ? [verifyLine(actions, verify, shown)] : []),
    ...(step.undo ? await undoLines(actions, step.undo, filling) : []),
    ...failureLines(step, list),
  ]
}

function verifyLine(actions: ActionTable, verify: Verify, shown: Filling['shown']): string {
  const given = actions.get(verify.uses)?.describe(renderMap(verify.with, shown)) ?? verify.uses
  return `then ${given}, until ${verify.expect}, at most ${formatDuration(verify.withinMs)}`
}

async function undoLines(actions: ActionTable, undo: UsesStep | RunStep, filling: Filling): Promise<readonly string[]> {
  const sent = sentOf(undo, filling.shown)
  const verified = undo.verify ? [verifyLine(actions, undo.verify, filling.shown)] : []
  if (undo.kind === 'run') {
    const [command, ...more] = commandLines(undo, sent)
    return [`to undo it: ${command}`, ...[...more, ...verified].map(line => `  ${line}`)]
  }
  const row = actions.get(undo.uses)
  const [issue] = row ? knownIssues(await row.check(sent), sent, filling) : []
  if (issue) throw new BadInput(`its undo, ${undo.uses}: ${issue.message}`)
  return [`to undo it: ${row?.describe(sent) ?? undo.uses}`, ...verified.map(line => `  ${line}`)]
}

const SCOPE: Readonly<Record<UndoScope, string>> = {step: 'it is undone', group: 'its group is undone, newest first', run: 'the run is undone, newest first'}

function failureLines({id, onFailure}: Step, list: NodeList): readonly string[] {
  if (typeof onFailure === 'string') return []
  if ('undo' in onFailure) return [`if it fails: ${SCOPE[onFailure.undo]}`]
  const after = list.slice(list.findIndex(node => node.id === id) + 1)
  const over = after
    .slice(
      0,
      after.findIndex(node => node.id === onFailure.goto),
    )
    .map(node => node.id || node.name)
  return [`if it fails: goes on at ${onFailure.goto}${over.length > 0 ? `, without ${over.join(', ')}` : ''}`]
}

import {formatDuration} from '../lib/durations.ts'
import type {Filling} from './check-fill.ts'
import {renderText} from './render.ts'
import type {Approve, Step} from './runbook.ts'

/** Whom a run would ask for what before (or instead of) the effect. */
export function asksOf(step: Step, title: string, {shown}: Filling): readonly string[] {
  const confirm = typeof step.confirm === 'string' ? renderText(step.confirm, shown) : `${title}?`
  return [
    ...(step.approve ? [approval(step.approve)] : []),
    ...(step.confirm === null ? [] : [`asks whoever drives: ${confirm}`]),
    ...(step.kind === 'manual' ? manual(renderText(step.text, shown), step.evidence, Object.entries(step.outputs)) : []),
  ]
}

function approval({from, count, timeoutMs, onTimeout}: Approve): string {
  const who = from.length === 0 ? 'anyone else' : from.join(' or ')
  const then = onTimeout === 'ask' ? 'then whoever drives may go on and say why' : 'then it stops'
  return `asks for ${count === 1 ? 'an approval' : `${count} approvals`} from ${who}, for ${formatDuration(timeoutMs)}; ${then}`
}

function manual(text: string, evidence: 'optional' | 'required', outputs: readonly (readonly [string, string])[]): readonly string[] {
  const wanted = [...(evidence === 'required' ? ['evidence (a text or a file)'] : []), ...outputs.map(([name, type]) => `${name} (${type})`)]
  return [
    ...text
      .trimEnd()
      .split('\n')
      .map(line => `a person: ${line}`),
    ...(wanted.length > 0 ? [`and says: ${wanted.join(', ')}`] : []),
  ]
}

import {formatDuration} from '../lib/durations.ts'
import type {Filling} from './check-fill.ts'
import type {Check} from './check-world.ts'
import {renderMap, renderText} from './render.ts'
import {sentOf} from './render-step.ts'
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

/** What comes after the effect, if it comes to that: its verification and its undo. */
export async function laterLines({ports}: Check, step: Step, {shown}: Filling): Promise<readonly string[]> {
  if (step.kind !== 'uses' && step.kind !== 'run') return []
  const {verify, undo} = step
  const lines: string[] = []
  if (verify) {
    const given = ports.actions.get(verify.uses)?.describe(renderMap(verify.with, shown)) ?? verify.uses
    lines.push(`then ${given}, until ${verify.expect}, at most ${formatDuration(verify.withinMs)}`)
  }
  if (undo) {
    const sent = sentOf(undo, shown)
    lines.push(`to undo it: ${undo.kind === 'run' ? commandLine(sent['argv']) : (ports.actions.get(undo.uses)?.describe(sent) ?? undo.uses)}`)
  }
  return lines
}

/** A command as one reads it; a run never goes through a shell with it. */
export function commandLine(argv: unknown): string {
  return (argv as readonly string[]).map(item => (/^[\w./:@%+=,‹›?-]+$/.test(item) ? item : JSON.stringify(item))).join(' ') // `sentOf` made it
}

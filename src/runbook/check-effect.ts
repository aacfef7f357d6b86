import {knownLater} from './check-fill.ts'
import type {Change, Planned} from './check-ports.ts'
import type {Checking, Found} from './check-step.ts'
import {type Check, finished, skipped} from './check-world.ts'
import {commandLine, commandLines} from './command-lines.ts'
import type {ActionRow, Ran} from './ports.ts'
import type {RunStep} from './runbook.ts'
import {within} from './within.ts'

/** A check is for people who wait for it. */
const LONGEST_TRY_MS = 30_000

/** What a step would change. The facts follow it, so that later steps meet the world as planned. */
export async function planUses(check: Check, {step, branch, filling, sent}: Checking, row: ActionRow): Promise<Found> {
  const planned = await check.ports.plan({uses: row.id, with: sent, instance: step.instance}, filling.unknowns.size === 0)
  const line = row.describe(sent)
  switch (planned.end) {
    case 'planned':
      return plannedRow(check, step.instance, branch === 'yes', planned, line)
    case 'skipped':
      if (check.doubtful.has('incident')) return {lines: [line], branch: 'maybe', because: `not known yet: ${planned.reason}`}
      skipped(check, step.instance, 'already-open')
      return {lines: [line], branch: 'no', because: planned.reason, isKnown: true}
    case 'refused': {
      const lines = [line, ...planned.lines]
      // Whether it runs at all, or meets this world, is not known: then neither is the refusal.
      if (branch !== 'yes' || check.doubtful.size > 0) return {lines: [...lines, `may be refused: ${planned.message}`]}
      return {lines, finding: planned.message}
    }
    case 'unknown':
      for (const fact of planned.touches) check.doubtful.add(fact)
      return {lines: [line, `planned when it is known: ${knownLater(filling)}`]}
    default:
      return planned satisfies never
  }
}

function plannedRow(check: Check, instance: string, isSure: boolean, planned: Extract<Planned, {end: 'planned'}>, line: string): Found {
  const {outputs, hidden = [], requests = []} = planned
  const changes = planned.changes.map(change =>
    factsIn(change).some(fact => check.doubtful.has(fact)) ? {...change, before: `${change.before ?? 'none'}?`} : change,
  )
  const lines = [line, ...planned.lines]
  if (!isSure) {
    for (const change of changes) for (const fact of factsIn(change)) check.doubtful.add(fact)
    return {lines, changes, requests}
  }
  if (outputs === null) return {lines, changes, requests}
  if (hidden.length > 0) check.hidden.set(instance, hidden)
  finished(check, instance, outputs)
  return {lines, changes, requests, isKnown: true}
}

/** The facts of expressions behind a change as people read it. */
function factsIn({what}: Change): readonly string[] {
  if (what.startsWith('rods.')) return ['rods.inserted', `rods.position.${what.slice('rods.'.length)}`]
  return [what === 'incident.phase' ? 'incident' : what]
}

/** A command is never run by a check; its `check` is, where it has one. */
export async function planRun(check: Check, {step: {instance}, filling, sent}: Checking, step: RunStep): Promise<Found> {
  const {ports, signal} = check
  const [command, ...more] = commandLines(step, sent)
  const lines = [`would run ${command}`, ...more]
  if (step.check === null) return {lines}
  const tried = [...lines, `its check: ${commandLine(step.check)}`]
  if (filling.unknowns.size > 0) return {lines: tried, seen: `not asked: ${knownLater(filling)}`}
  const call = {argv: step.check, env: (sent['env'] ?? {}) as Record<string, string>, secrets: step.secrets, instance}
  const result = await within(ports.clock, LONGEST_TRY_MS, signal, inner => ports.tryCommand(call, inner))
  if (result.end === 'aborted') throw signal.reason
  if (result.end !== 'done') return {lines: tried, finding: 'its check did not end'}
  return {lines: tried, ...triedRow(result.value)}
}

function triedRow(ran: Ran): Found {
  if (ran.end === 'exited') {
    const seen = [`exit ${ran.exitCode}`, ...(ran.stdout ?? '').split('\n').slice(0, 1).filter(Boolean)].join(': ')
    return {seen, finding: ran.exitCode === 0 ? null : `its check says no: ${seen}`}
  }
  return {finding: `its check did not end: ${ran.end === 'failed' ? ran.message : ran.reason}`}
}

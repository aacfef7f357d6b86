import {formatDuration} from '../lib/durations.ts'
import {placeOf, stateAt} from './graph-state.ts'
import {itemText} from './item-type.ts'
import type {Group, Node, NodeList, Runbook, Step} from './runbook.ts'

/** How an instance of a run stands; what is absent was not reached. */
export type Mark = 'done' | 'now' | 'failed' | 'unknown' | 'skipped' | 'parked'
/** Instance, as the record names it (`patch[canary]/push`), → how it stands. */
export type Marks = ReadonlyMap<string, Mark>

export const NO_MARKS: Marks = new Map()

const SIGN: Readonly<Record<Mark, string>> = {done: '✓ done', now: '▶ now', failed: '✗ failed', unknown: '? unknown', skipped: '– skipped', parked: '‖ parked'}
const SIGN_WIDTH = 10

/** The runbook as an indented tree, one line a step; with marks, how each stands in front of it. */
export function graphText(runbook: Runbook, marks: Marks = NO_MARKS): readonly string[] {
  const isRun = marks.size > 0
  const sign = (path: string) => (isRun ? `${signOf(stateAt(marks, path)).padEnd(SIGN_WIDTH)}  ` : '')
  const indented = (depth: number, path: string, words: string) => `${sign(path)}${'  '.repeat(depth)}${words}`.trimEnd()

  function* lines(list: NodeList, depth: number, above: string): Generator<string> {
    for (const node of list) {
      const path = placeOf(above, node)
      yield indented(depth, path, [headOf(node), ...notesOf(node)].join('  '))
      if (node.kind === 'group' || node.kind === 'parallel') yield* lines(node.steps, depth + 1, path)
      if (node.kind === 'call') yield* lines(node.called.steps, depth + 1, path)
    }
  }

  const abort = runbook.onAbort.map(node => indented(1, `on_abort/${node.id}`, [headOf(node), ...notesOf(node)].join('  ')))
  return [`${runbook.id}  ${oneLine(runbook.title)}`, ...lines(runbook.steps, 1, ''), ...(abort.length > 0 ? [indented(0, '', 'on abort'), ...abort] : [])]
}

function signOf(state: Readonly<Partial<Record<Mark, number>>>): string {
  const [only, second] = Object.entries(state) as [Mark, number][] // made of marks
  if (!only) return '·'
  // A loop whose rounds stand differently: how many of each.
  if (second)
    return Object.entries(state)
      .map(([mark, count]) => `${SIGN[mark as Mark][0]}${count}`)
      .join(' ')
  return SIGN[only[0]]
}

/** Id, and the words a person gave it. */
export function headOf(node: Node): string {
  const words = oneLine(node.name)
  if (node.kind === 'group') return [node.id, loopWords(node), words === node.id ? '' : words].filter(Boolean).join('  ')
  if (node.kind === 'parallel') return [node.id, 'at the same time'].filter(Boolean).join('  ')
  if (node.kind === 'call') return `${node.id}  call ${node.runbook}${words === node.runbook ? '' : `  ${words}`}`
  const own = kindWords(node)
  return [node.id, own, words === own || words === '' || isOwn(node) ? '' : words].filter(Boolean).join('  ')
}

/** A name nobody wrote says what the kind's words say. */
function isOwn(node: Step): boolean {
  switch (node.kind) {
    case 'uses':
      return node.name === node.uses
    case 'run':
      return node.name === node.argv.join(' ') || (node.script?.includes(node.name) ?? false)
    case 'wait_until':
      return node.name === `wait until ${node.until}`
    default:
      return node.kind === 'wait' && node.name.startsWith('wait ')
  }
}

export function loopWords({forEach}: Group): string {
  if (!forEach) return ''
  return 'cel' in forEach ? `for each of ${oneLine(forEach.cel)}` : `for each of ${forEach.items.map(item => oneLine(itemText(item), 20)).join(', ')}`
}

export function kindWords(step: Step): string {
  switch (step.kind) {
    case 'uses': {
      const rod = step.with['rod']
      const to = step.with['to']
      return `${step.uses}${typeof rod === 'string' ? ` ${rod}` : ''}${typeof to === 'string' ? ` to ${to}` : ''}`
    }
    case 'run':
      return `run ${oneLine(step.script ?? step.argv.join(' '), 50)}`
    case 'manual':
      return 'a person'
    case 'wait':
      return `wait ${formatDuration(step.waitMs)}`
    case 'wait_until':
      return `wait until ${oneLine(step.until, 50)}${step.forMs > 0 ? ` for ${formatDuration(step.forMs)}` : ''}`
    default:
      return step satisfies never
  }
}

/** What stands before the step, and what happens when it fails. */
export function notesOf(node: Node): readonly string[] {
  const notes = node.if === null ? [] : [`if ${oneLine(node.if, 60)}`]
  if (node.kind === 'group' || node.kind === 'parallel' || node.kind === 'call') return notes
  const {approve, onFailure} = node
  if (node.confirm !== null) notes.push('confirm')
  if (approve) notes.push(`approve by ${approve.count > 1 ? `${approve.count} of ` : ''}${approve.from.join(' or ') || 'another person'}`)
  if (node.undo) notes.push('undo')
  if (typeof onFailure === 'object')
    notes.push('goto' in onFailure ? `on failure goto ${onFailure.goto}` : `on failure undo ${onFailure.undo}, then ${onFailure.then}`)
  else if (onFailure !== 'ask') notes.push(`on failure ${onFailure}`)
  return notes
}

export function oneLine(text: string, most = 70): string {
  const line = text.trim().split('\n')[0]?.replace(/\s+/g, ' ') ?? ''
  return line.length > most ? `${line.slice(0, most - 1)}…` : line
}

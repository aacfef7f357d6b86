import type {Json} from '../lib/canonical.ts'
import {iso} from '../lib/clock.ts'
import {Fault} from '../lib/fault.ts'
import {fillingOf, knownLater} from './check-fill.ts'
import {type Branch, rowOf} from './check-row.ts'
import {branchOf, checkStep} from './check-step.ts'
import {type Check, finished, isOpen, type Sight, skipped} from './check-world.ts'
import {plain} from './drive-call.ts'
import {checkedItems} from './drive-loop.ts'
import {evolveRun} from './fold.ts'
import {type Frame, insideCall, insideGroup, insideLoop} from './frames.ts'
import {checkInputs, missingInput} from './inputs.ts'
import type {JsonMap} from './ports.ts'
import {render, toJson} from './render.ts'
import {BadInput, isBeforeEffect} from './render-step.ts'
import {type Call, type Group, type Node, nodesOf} from './runbook.ts'
import {type Judge, threeValued} from './three-valued.ts'

/** A list of steps, in order, as a run would walk it. Nothing is passed over without a row. */
export async function checkList(check: Check, sight: Sight): Promise<void> {
  for (const node of sight.frame.list) await checkNode(check, sight, node)
}

async function checkNode(check: Check, sight: Sight, node: Node): Promise<void> {
  if (node.kind !== 'group' && node.kind !== 'parallel' && node.kind !== 'call') return checkStep(check, sight, node)
  const instance = sight.frame.prefix + node.id
  const standing = {instance, depth: sight.depth, kind: node.kind, title: node.name} as const
  const branch: Branch = sight.isSure ? 'yes' : 'maybe'
  try {
    const judge = await threeValued(check, sight)
    const answer = branchOf(judge, node, sight.isSure)
    if (answer.branch === 'no') {
      skipped(check, instance, 'if')
      const inside = count([...nodesOf(node.kind === 'call' ? node.called.steps : node.steps)].length, 'step')
      check.rows.push(rowOf({...standing, ...answer, because: `${answer.because}; ${inside} inside`, isKnown: true}))
      return
    }
    if (answer.branch === 'maybe' && node.id !== '') check.unresolved.add(instance)
    const inside = {...sight, depth: sight.depth + 1, isSure: answer.branch === 'yes'}
    const row = {...standing, ...answer}
    if (node.kind === 'call') return await checkCall(check, inside, node, judge, row)
    if (node.kind === 'group' && node.forEach) return await checkLoop(check, inside, node, judge, row)
    check.rows.push(rowOf({...row, lines: node.kind === 'parallel' ? ['at the same time'] : [], isKnown: true}))
    await checkList(check, {...inside, frame: insideGroup(sight.frame, node)})
  } catch (error) {
    if (!isBeforeEffect(error)) throw error
    check.unresolved.add(instance)
    check.rows.push(rowOf({...standing, branch, finding: error.message}))
  }
}

type Standing = Parameters<typeof rowOf>[0]

/** Once for each item; once with an item that is not known where nobody can tell how many there are. */
async function checkLoop(check: Check, sight: Sight, group: Group, judge: Judge, row: Standing): Promise<void> {
  const {forEach} = group
  if (!forEach) return
  const filling = fillingOf(judge)
  const value = 'cel' in forEach ? toJson(forEach.cel, filling.shown(forEach.cel)) : render(forEach.items, filling.shown)
  if (filling.unknowns.size > 0) {
    check.unresolved.add(row.instance)
    check.rows.push(rowOf({...row, lines: [`number not known: ${knownLater(filling)}`]}))
    const unknown = new Set([...sight.unknown, 'item', 'index'])
    return checkList(check, {...sight, frame: unknownRound(sight.frame, group), isSure: false, unknown})
  }
  const items = checkedItems(value)
  const at = iso(check.ports.clock.now())
  check.state = evolveRun(check.state, {kind: 'decision.recorded', data: {run: '', step: row.instance, of: 'for_each', value: items}, at})
  check.rows.push(rowOf({...row, lines: [`${count(items.length, 'round')}: ${items.map(wordOf).join(', ')}`], isKnown: true}))
  const unknown = new Set([...sight.unknown].filter(name => name !== 'item' && name !== 'index'))
  for (const [index, item] of items.entries()) await checkList(check, {...sight, frame: insideLoop(sight.frame, group, item, index), unknown})
}

function unknownRound({item: _item, index: _index, ...frame}: Frame, {id, steps}: Group): Frame {
  const prefix = `${frame.prefix}${id}[?]/`
  return {...frame, list: steps, prefix, bodies: [prefix, ...frame.bodies]}
}

/** The steps of another runbook: an input that is not known is unknown in there, too. */
async function checkCall(check: Check, sight: Sight, call: Call, judge: Judge, row: Standing): Promise<void> {
  const {called} = call
  const unknown = new Set<string>()
  const volatile = new Set<string>()
  const texts: Record<string, string> = {}
  const shown: Record<string, Json> = {}
  for (const [id, template] of Object.entries(call.with)) {
    const filling = fillingOf(judge)
    const value = render(template, filling.shown)
    shown[id] = value
    if (filling.unknowns.size > 0) unknown.add(`inputs.${id}`)
    else texts[id] = plain(id, value)
    if (JSON.stringify(render(template, filling.sealed)) !== JSON.stringify(value)) volatile.add(`inputs.${id}`)
  }
  const inputs = typed(called, texts, unknown)
  check.rows.push(
    rowOf({
      ...row,
      title: `${row.title} (${call.runbook})`,
      sent: shown,
      lines: Object.entries(shown).map(([id, value]) => `${id}: ${wordOf(value)}`),
      isKnown: true,
    }),
  )
  const frame = insideCall(called, row.instance, inputs)
  const inside = {...sight, frame, unknown, volatile}
  await checkList(check, inside)
  if (!isOpen(check, row.instance)) finished(check, row.instance, await outputsOf(check, inside, called.outputs))
}

function typed(called: Call['called'], texts: Readonly<Record<string, string>>, unknown: ReadonlySet<string>): JsonMap {
  try {
    const {values, missing} = checkInputs(called, texts)
    const absent = missing.filter(({id}) => !unknown.has(`inputs.${id}`))
    if (absent.length > 0) throw missingInput(absent)
    return Object.fromEntries(Object.entries(values).filter(([id]) => !unknown.has(`inputs.${id}`)))
  } catch (error) {
    throw error instanceof Fault ? new BadInput(error.message) : error
  }
}

/** What a runbook answers with, as far as it is known; an output whose step was left out is absent, as in a run. */
export async function outputsOf(check: Check, sight: Sight, outputs: Readonly<Record<string, string>>): Promise<JsonMap> {
  const {shown} = fillingOf(await threeValued(check, sight))
  const known = Object.entries(outputs).flatMap(([name, template]) => {
    try {
      return [[name, render(template, shown)] as const]
    } catch (error) {
      if (isBeforeEffect(error)) return []
      throw error
    }
  })
  return Object.fromEntries(known)
}

export function topSight(frame: Frame): Sight {
  return {frame, isSure: true, depth: 0, unknown: new Set(), volatile: new Set()}
}

function wordOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

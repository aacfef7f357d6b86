import type {Json} from '../lib/canonical.ts'
import {type Drive, type DriveList, decision, evaluator, type Halt, sourcesIn} from './drive.ts'
import {type Frame, insideLoop} from './frames.ts'
import {LOOP_ITEM, MOST_ITEMS} from './identity.ts'
import {itemText} from './item-type.ts'
import {isOnTheWay} from './left-out.ts'
import {render, toJson} from './render.ts'
import {BadInput} from './render-step.ts'
import type {ForEach, Group} from './runbook.ts'

/** Once for each item, in order. What it goes over is decided once and recorded: a resume goes over the same. */
export async function driveLoop(drive: Drive, frame: Frame, group: Group, forEach: ForEach, driveList: DriveList): Promise<Halt | null> {
  const instance = frame.prefix + group.id
  const known = drive.ledger.state().loops[instance]
  const items = known ?? (await itemsOf(drive, frame, forEach))
  if (!known)
    drive.ledger.stage([decision(drive, instance, 'for_each', items)], {
      event: 'step.waiting',
      step: instance,
      title: group.name,
      detail: items.map(itemText).join(', '),
    })
  const rounds = items.map((item, index) => insideLoop(frame, group, item, index))
  const {from} = drive.ledger.state()
  if (from !== null && isOnTheWay(instance, from) && !rounds.some(({prefix}) => isOnTheWay(prefix.slice(0, -1), from)))
    throw new BadInput(`--from ${from}: this loop has no such round; it goes over ${items.map(itemText).join(', ') || 'nothing'}`)
  for (const round of rounds) {
    const parked = await driveList(drive, round)
    if (parked) return parked
  }
  return null
}

async function itemsOf(drive: Drive, frame: Frame, forEach: ForEach): Promise<readonly Json[]> {
  const isCel = 'cel' in forEach
  const evaluate = await evaluator(drive, frame, isCel ? [forEach.cel] : sourcesIn(forEach.items))
  const value = isCel ? toJson(forEach.cel, evaluate(forEach.cel)) : render(forEach.items, evaluate)
  return checkedItems(value)
}

/** What a loop may go over. @throws BadInput */
export function checkedItems(value: Json): readonly Json[] {
  if (!Array.isArray(value)) throw new BadInput('for_each wants a list')
  const items: readonly Json[] = value
  if (items.length > MOST_ITEMS) throw new BadInput(`for_each has ${items.length} items; at most ${MOST_ITEMS}`)
  const types = new Set(items.map(item => typeof item))
  if (types.size > 1) throw new BadInput(`items of one type: these are ${[...types].join(' and ')}`)
  const bad = items.find(item => typeof item === 'object' || !LOOP_ITEM.test(String(item)))
  if (bad !== undefined) throw new BadInput(`the item ${JSON.stringify(bad).slice(0, 80)} cannot name an instance: a-z, A-Z, 0-9 and . _ : @ -, at most 64`)
  if (new Set(items.map(String)).size < items.length) throw new BadInput('an item comes twice: items name instances')
  return items
}

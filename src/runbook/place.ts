import type {RunState} from './fold.ts'
import {type Frame, insideCall, insideGroup, insideLoop, type Live, live, topFrame} from './frames.ts'
import {itemText} from './item-type.ts'
import type {Runbook} from './runbook.ts'

/** The step an instance names, at its place; null: the runbook has none there (or its loop was not expanded yet). */
export function liveAt({runbook, ledger}: {readonly runbook: Runbook; readonly ledger: {state(): RunState}}, instance: string): Live | null {
  const state = ledger.state()
  return find(state, topFrame(runbook, state.inputs), instance)
}

function find(state: RunState, frame: Frame, rest: string): Live | null {
  for (const node of frame.list) {
    switch (node.kind) {
      case 'group':
      case 'parallel': {
        const found = node.kind === 'group' && node.forEach ? inLoop(state, frame, node, rest) : inGroup(state, frame, node, rest)
        if (found) return found
        break
      }
      case 'call': {
        const instance = frame.prefix + node.id
        const inputs = state.calls[instance]
        if (inputs && rest.startsWith(`${node.id}/`)) return find(state, insideCall(node.called, instance, inputs), rest.slice(node.id.length + 1))
        break
      }
      default:
        if (rest === node.id) return live(frame, node)
    }
  }
  return null
}

function inGroup(state: RunState, frame: Frame, node: Parameters<typeof insideGroup>[1], rest: string): Live | null {
  if (!node.hasId) return find(state, insideGroup(frame, node), rest)
  return rest.startsWith(`${node.id}/`) ? find(state, insideGroup(frame, node), rest.slice(node.id.length + 1)) : null
}

function inLoop(state: RunState, frame: Frame, node: Parameters<typeof insideLoop>[1], rest: string): Live | null {
  const items = state.loops[frame.prefix + node.id] ?? []
  const index = items.findIndex(item => rest.startsWith(`${node.id}[${itemText(item)}]/`))
  const item = items[index]
  return item === undefined ? null : find(state, insideLoop(frame, node, item, index), rest.slice(`${node.id}[${itemText(item)}]/`.length))
}

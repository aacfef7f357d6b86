import {kindWords, loopWords, type Marks, NO_MARKS, notesOf, oneLine} from './graph.ts'
import {placeOf, worstAt} from './graph-state.ts'
import type {Node, NodeList, Runbook, Step} from './runbook.ts'

/**
 * The runbook as a Mermaid flowchart: groups are subgraphs, what asks a person is a hexagon, rods are coloured. No text
 * of the file reaches the syntax: ids are ours (`n1`), labels are stripped of what Mermaid reads.
 */
export function graphMermaid(runbook: Runbook, marks: Marks = NO_MARKS): readonly string[] {
  const lines: string[] = []
  const edges: string[] = []
  let count = 0

  /** Draws one list; answers with where it is entered and left. */
  function draw(list: NodeList, above: string, depth: number): Ends {
    const pad = '  '.repeat(depth)
    const ids = new Map<Node, string>()
    let entries: readonly string[] = []
    let exits: readonly string[] = []
    for (const node of list) {
      const path = placeOf(above, node)
      const id = `n${++count}`
      const {entry, exit} = isBox(node) ? box(node, id, path, pad, depth) : leaf(node, id, path, pad)
      ids.set(node, entry[0] ?? id)
      if (entries.length === 0) entries = entry
      for (const from of exits) for (const to of entry) edges.push(`  ${from} -->${node.if === null ? '' : `|"${label(`if ${oneLine(node.if, 50)}`)}"|`} ${to}`)
      exits = exit
    }
    for (const node of list) jump(node, list, ids)
    return {entry: entries, exit: exits}
  }

  function leaf(node: Step, id: string, path: string, pad: string): Ends {
    const isAsking = node.confirm !== null || node.approve !== null || node.kind === 'manual'
    const [open, close] = isAsking ? ['{{', '}}'] : ['[', ']']
    const words = [`${node.id} · ${kindWords(node)}`, ...notesOf({...node, if: null})]
    lines.push(`${pad}${id}${open}"${words.map(label).join('<br/>')}"${close}${classOf(node, worstAt(marks, path))}`)
    return {entry: [id], exit: [id]}
  }

  function box(node: Box, id: string, path: string, pad: string, depth: number): Ends {
    const title = node.kind === 'group' ? [node.id, loopWords(node)] : node.kind === 'call' ? [node.id, `call ${node.runbook}`] : [node.id, 'at the same time']
    lines.push(`${pad}subgraph ${id}["${label(title.filter(Boolean).join(' · ') || oneLine(node.name))}"]`)
    const steps = node.kind === 'call' ? node.called.steps : node.steps
    const ends = node.kind === 'parallel' ? together(node.steps, path, depth + 1) : draw(steps, path, depth + 1)
    lines.push(`${pad}end`)
    return ends
  }

  function together(steps: readonly Step[], above: string, depth: number): Ends {
    const ids = steps.flatMap(step => draw([step], above, depth).entry)
    return {entry: ids, exit: ids}
  }

  function jump(node: Node, list: NodeList, ids: ReadonlyMap<Node, string>): void {
    if (isBox(node) || typeof node.onFailure !== 'object' || !('goto' in node.onFailure)) return
    const {goto} = node.onFailure
    const to = ids.get(list.slice(list.indexOf(node) + 1).find(({id}) => id === goto) ?? node)
    edges.push(`  ${ids.get(node)} -.->|"on failure"| ${to}`)
  }

  draw(runbook.steps, '', 1)
  return ['flowchart TD', ...lines, ...edges, ...CLASSES]
}

interface Ends {
  readonly entry: readonly string[]
  readonly exit: readonly string[]
}

type Box = Exclude<Node, Step>
function isBox(node: Node): node is Box {
  return node.kind === 'group' || node.kind === 'parallel' || node.kind === 'call'
}

const CLASSES: readonly string[] = [
  '  classDef rod fill:#fde68a,stroke:#b45309,color:#111',
  '  classDef done fill:#bbf7d0,stroke:#15803d,color:#111',
  '  classDef now fill:#bfdbfe,stroke:#1d4ed8,stroke-width:3px,color:#111',
  '  classDef failed fill:#fecaca,stroke:#b91c1c,color:#111',
  '  classDef unknown fill:#e9d5ff,stroke:#7e22ce,stroke-dasharray:5 3,color:#111',
  '  classDef skipped fill:#e5e7eb,stroke:#9ca3af,color:#6b7280',
  '  classDef parked fill:#fed7aa,stroke:#c2410c,color:#111',
]

/** A run's mark before the rod's own colour: one class a node. */
function classOf(node: Step, mark: string | null): string {
  if (mark !== null) return `:::${mark}`
  return node.kind === 'uses' && /^(?:rod\/|in$|out$)/.test(node.uses) ? ':::rod' : ''
}

const SIGNS: Readonly<Record<string, string>> = {'<': '＜', '>': '＞', '<=': '≤', '>=': '≥'}

/** Nothing that ends a label, begins a statement or is HTML; bidi and control characters neither. */
function label(text: string): string {
  const clean = text
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\$\{\{\s*(.*?)\s*\}\}/g, '‹$1›')
    .replace(/&&?/g, ' and ')
    .replace(/\|\|/g, ' or ')
    .replace(/[<>]=?/g, sign => SIGNS[sign] ?? ' ')
    .replace(/["';#:`|\\%(){}[\]]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return clean === '' ? '…' : clean
}

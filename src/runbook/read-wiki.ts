import {safeBlock} from '../lib/text.ts'

/** A wiki page as far as a runbook can be made of it. `line` is where it stands in the page, from 1. */
export type WikiNode =
  | {readonly kind: 'group'; readonly title: string; readonly line: number; readonly nodes: readonly WikiNode[]}
  | {readonly kind: 'manual'; readonly text: string; readonly line: number}
  | {readonly kind: 'shell'; readonly code: string; readonly bash: boolean; readonly title: string | null; readonly name: string | null; readonly line: number}
  | {readonly kind: 'prose'; readonly text: string; readonly line: number}

export interface Wiki {
  readonly runbook: string | null
  readonly title: string | null
  readonly severity: string | null
  readonly nodes: readonly WikiNode[]
}

/** Below this, headings are steps of the same group. */
const DEEPEST = 5
const FENCE = /^(\s*)(`{3,}|~{3,})\s*([^`]*)$/
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/
const ITEM = /^(\s*)(?:[-*+]|\d{1,9}[.)])\s+\[[ xX]\]\s+(.*)$/
const NUMBERED = /^(\s*)\d{1,9}[.)]\s+(.*)$/

interface Open {
  readonly level: number
  readonly nodes: WikiNode[]
}

/**
 * Headings are groups, boxes (`- [ ]`) and numbered items are what a person does, `sh` fences are scripts; a fence inside
 * an item is how that item is done. The rest is prose and kept as such. Pure, total, linear in the page.
 */
export function readWiki(page: string): Wiki {
  const {head, body, from} = frontMatter(safeBlock(page))
  const lines = body.split('\n')
  const top: Open = {level: 0, nodes: []}
  const stack: Open[] = [top]
  let title = head['title'] ?? null
  const here = () => (stack.at(-1) ?? top).nodes
  for (let i = 0; i < lines.length; i++) {
    const text = lines[i] ?? ''
    const line = from + i
    const fence = FENCE.exec(text)
    if (fence) {
      const [, indent = '', marks = '', info = ''] = fence
      const end = closing(lines, i, marks)
      addFence(here(), {info, indent, line, code: lines.slice(i + 1, end)})
      i = end
      continue
    }
    const heading = HEADING.exec(text) ?? setext(text, lines[i + 1])
    if (heading) {
      const [, marks = '', words = ''] = heading
      if (/^[=-]+$/.test(marks)) i++
      const level = marks.startsWith('=') ? 1 : marks.startsWith('-') ? 2 : marks.length
      if (level === 1 && title === null && stack.length === 1 && top.nodes.every(({kind}) => kind === 'prose')) title = words
      else if (!(level === 1 && words === title && top.nodes.every(({kind}) => kind === 'prose'))) openGroup(stack, level, words, line)
      continue
    }
    const item = ITEM.exec(text) ?? NUMBERED.exec(text)
    if (item) here().push({kind: 'manual', text: item[2] ?? '', line})
    else if (text.trim() !== '') addText(here(), text, line)
  }
  return {runbook: head['runbook'] ?? null, title, severity: head['severity'] ?? null, nodes: top.nodes}
}

function openGroup(stack: Open[], level: number, title: string, line: number): void {
  while (stack.length > 1 && (stack.at(-1)?.level ?? 0) >= level) stack.pop()
  if (stack.length > DEEPEST) stack.pop()
  const nodes: WikiNode[] = []
  stack.at(-1)?.nodes.push({kind: 'group', title, line, nodes})
  stack.push({level, nodes})
}

/** Indented below an item it belongs to that item; anything else stands for itself. */
function addText(nodes: WikiNode[], text: string, line: number): void {
  const last = nodes.at(-1)
  if (last?.kind === 'manual' && /^\s/.test(text)) nodes[nodes.length - 1] = {...last, text: `${last.text}\n${text.trim()}`}
  else if (last?.kind === 'prose') nodes[nodes.length - 1] = {...last, text: `${last.text}\n${text.trim()}`}
  else nodes.push({kind: 'prose', text: text.trim(), line})
}

interface Fence {
  readonly info: string
  readonly indent: string
  readonly code: readonly string[]
  readonly line: number
}

function addFence(nodes: WikiNode[], {info, indent, code: given, line}: Fence): void {
  const language = /^\w*/.exec(info)?.[0] ?? ''
  const lines = given.map(text => (text.startsWith(indent) ? text.slice(indent.length) : text.trimStart()))
  const last = nodes.at(-1)
  const isInItem = indent !== '' && last?.kind === 'manual'
  if (!['sh', 'bash', 'shell', 'zsh'].includes(language)) {
    const text = lines.join('\n').trim()
    if (isInItem && last?.kind === 'manual') nodes[nodes.length - 1] = {...last, text: `${last.text}\n${text}`}
    else if (text !== '') nodes.push({kind: 'prose', text, line})
    return
  }
  const code = withoutPrompts(lines).join('\n').trim()
  if (code === '') return
  const name = /"name"\s*:\s*"([^"]{1,60})"/.exec(info)?.[1] ?? null
  const shell = {kind: 'shell', code, bash: language !== 'sh' && language !== 'shell', name, line} as const
  if (isInItem && last?.kind === 'manual') nodes[nodes.length - 1] = {...shell, title: last.text}
  else nodes.push({...shell, title: null})
}

/** Pages show commands after a `$`; a shell would look for a program of that name. */
function withoutPrompts(lines: readonly string[]): readonly string[] {
  const spoken = lines.filter(line => line.trim() !== '')
  return spoken.length > 0 && spoken.every(line => /^\s*\$ /.test(line)) ? lines.map(line => line.replace(/^(\s*)\$ /, '$1')) : lines
}

/** Where the fence that opens at `from` closes; a page may end inside one. */
function closing(lines: readonly string[], from: number, marks: string): number {
  for (let i = from + 1; i < lines.length; i++) {
    const text = lines[i]?.trim() ?? ''
    if (text.length >= marks.length && text === (marks[0] ?? '').repeat(text.length)) return i
  }
  return lines.length
}

/** A line underlined with = or -. */
function setext(text: string, below: string | undefined): readonly [string, string, string] | null {
  if (below === undefined || text.trim() === '' || /^\s|^[-*+>|]|^\d{1,9}[.)]\s/.test(text)) return null
  const marks = /^(={3,}|-{3,})\s*$/.exec(below)?.[1]
  return marks === undefined ? null : [text, marks, text.trim()]
}

function frontMatter(page: string): {readonly head: Readonly<Record<string, string>>; readonly body: string; readonly from: number} {
  const found = /^---\n([\s\S]{0,4000}?)\n---(?:\n|$)/.exec(page)
  if (!found) return {head: {}, body: page, from: 1}
  const [whole, inner = ''] = found
  const pairs = inner.split('\n').flatMap(line => {
    const [, key, value = ''] = /^(runbook|title|severity):\s*(.*?)\s*$/.exec(line) ?? []
    return key === undefined || value === '' ? [] : [[key, unquoted(value)] as const]
  })
  return {head: Object.fromEntries(pairs), body: page.slice(whole.length), from: whole.split('\n').length}
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value.replace(/^'(.*)'$/, '$1')
  try {
    const parsed: unknown = JSON.parse(value)
    return typeof parsed === 'string' ? parsed : value
  } catch {
    return value
  }
}

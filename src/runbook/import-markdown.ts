import {readWiki, type WikiNode} from './read-wiki.ts'
import {RUNBOOK_ID, STEP_ID} from './schema-scalars.ts'
import {readScramFence} from './scram-fence.ts'
import {slug} from './step-words.ts'

export interface Imported {
  readonly id: string | null
  /** The file to write. */
  readonly text: string
  readonly steps: number
  /** The page held the runbook word for word. */
  readonly isExact: boolean
  /** What a person should look at before the first run. */
  readonly warnings: readonly string[]
}

/**
 * A runbook of a Markdown page. With a fence `yaml scram`: that, word for word. Else headings become groups, items become
 * steps a person does, `sh` fences become scripts that are asked about first. What fits nowhere becomes a comment.
 * `name` is for a page without a title: the file's name.
 */
export function importMarkdown(page: string, name: string): Imported {
  const exact = readScramFence(page)
  if (exact !== null) return {id: /^runbook:\s*["']?([a-z][a-z0-9-]*)/m.exec(exact)?.[1] ?? null, text: exact, steps: 0, isExact: true, warnings: []}
  const {runbook, title: given, severity, nodes} = readWiki(page)
  const title = given === null || given.trim() === '' ? name : given
  const id = runbook !== null && RUNBOOK_ID.test(runbook) ? runbook : slug(title).replaceAll('_', '-')
  const writing: Writing = {warnings: [], steps: 0}
  const body = [...write(writing, nodes, '  ', new Set())]
  const head = [
    `# Made from a page: what a person does is \`manual\`. Automate it bit by bit, with \`uses:\` or \`run:\` in its place.`,
    'scram: 1',
    `runbook: ${id}`,
    `title: ${literal(title)}`,
    ...(severity !== null && /^sev[1-5]$/.test(severity) ? [`severity: ${severity}`] : []),
    'steps:',
  ]
  return {id, text: `${[...head, ...body].join('\n')}\n`, steps: writing.steps, isExact: false, warnings: writing.warnings}
}

interface Writing {
  readonly warnings: string[]
  steps: number
}

function* write(writing: Writing, nodes: readonly WikiNode[], pad: string, taken: Set<string>): Generator<string> {
  for (const node of nodes) {
    if (node.kind === 'prose') yield* node.text.split('\n').map(line => `${pad}# ${line}`)
    else if (node.kind === 'group') yield* writeGroup(writing, node, pad, taken)
    else if (node.kind === 'shell' && !node.code.includes('${{')) yield* writeShell(writing, node, pad, taken)
    else {
      const text = node.kind === 'manual' ? node.text : `${node.title ?? 'In a shell:'}\n${node.code}`
      if (node.kind === 'shell') writing.warnings.push(`line ${node.line}: this shell text holds \${{, which a script may not; it became a step for a person`)
      writing.steps++
      yield `${pad}- id: ${freeId(text, taken)}`
      yield* property(`${pad}  manual`, unread(text), `${pad}    `)
    }
  }
}

/** A heading with nothing to do below it is prose. */
function* writeGroup(writing: Writing, {title, nodes}: Extract<WikiNode, {kind: 'group'}>, pad: string, taken: Set<string>): Generator<string> {
  if (!hasSteps(nodes)) {
    yield `${pad}# ${title}`
    yield* write(writing, nodes, pad, taken)
    return
  }
  yield `${pad}- id: ${freeId(title, taken)}`
  yield `${pad}  name: ${literal(unread(title))}`
  yield `${pad}  steps:`
  yield* write(writing, nodes, `${pad}    `, new Set())
}

function* writeShell(
  writing: Writing,
  {code, bash, title, name, line}: Extract<WikiNode, {kind: 'shell'}>,
  pad: string,
  taken: Set<string>,
): Generator<string> {
  writing.steps++
  writing.warnings.push(`line ${line}: this shell text runs as it stands, after a question; read it first`)
  yield `${pad}- id: ${freeId(name ?? title ?? code, taken)}`
  if (title !== null) yield* property(`${pad}  name`, unread(title.split('\n')[0] ?? ''), `${pad}    `)
  yield* property(`${pad}  run`, code, `${pad}    `)
  if (bash) yield `${pad}  shell: bash`
  yield `${pad}  confirm: true`
}

/** What looks like a value on a page is not one of ours. */
function unread(text: string): string {
  return (text.trim() === '' ? 'nothing was written here' : text).replaceAll('${{', () => '$${{')
}

function hasSteps(nodes: readonly WikiNode[]): boolean {
  return nodes.some(node => node.kind === 'manual' || node.kind === 'shell' || (node.kind === 'group' && hasSteps(node.nodes)))
}

function freeId(text: string, taken: Set<string>): string {
  const base = slug(text)
  let id = base
  for (let n = 2; taken.has(id) || !STEP_ID.test(id); n++) id = `${base.slice(0, 35)}_${n}`
  taken.add(id)
  return id
}

/** `key: text`: on one line where it is one, else as a block whose lines stay readable. */
function property(key: string, text: string, pad: string): readonly string[] {
  const lines = text.split('\n')
  // A block takes its indentation from its first line, which therefore must not begin with blanks.
  if (lines.length === 1 || /^\s/.test(text)) return [`${key}: ${literal(text)}`]
  return [`${key}: |`, ...lines.map(line => (line.trim() === '' ? '' : `${pad}${line}`))]
}

/** JSON's strings are YAML's; plain where nothing in it means anything to YAML. */
function literal(text: string): string {
  const isPlain = /^[A-Za-z][\w ,.'()/=-]*$/.test(text) && !/\s$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
  return isPlain ? text : JSON.stringify(text)
}

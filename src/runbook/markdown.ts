import {headOf, loopWords, notesOf, oneLine} from './graph.ts'
import type {Written} from './load.ts'
import type {Node, NodeList, RunStep} from './runbook.ts'
import {SCRAM_FENCE, writeScramFence} from './scram-fence.ts'

/**
 * The runbook as a checklist for a wiki: headings are groups, a box for each step, shell steps as fences that Runme lists.
 * The last fence is the file itself, word for word: `runbook init --from` makes the same runbook of it again.
 */
export function runbookMarkdown({runbook, text}: Written): string {
  const head = {runbook: runbook.id, title: runbook.title, ...(runbook.severity !== null && {severity: runbook.severity})}
  const lines = [
    '---',
    ...Object.entries(head).map(([key, value]) => `${key}: ${JSON.stringify(value)}`),
    '---',
    '',
    `# ${escaped(runbook.title)}`,
    '',
    ...(runbook.description === null ? [] : [...runbook.description.trimEnd().split('\n').map(escaped), '']),
    ...checklist(runbook.steps, 2),
    ...(runbook.onAbort.length > 0 ? ['## After an abort', '', ...runbook.onAbort.flatMap(box), ''] : []),
    '## The runbook itself',
    '',
    `What scram runs. \`scram runbook init --from\` reads this fence (\`${SCRAM_FENCE}\`) and nothing above it.`,
    '',
    writeScramFence(text),
  ]
  return lines.join('\n')
}

/** A heading cannot be closed: what follows a group on the outer level gets one of its own. */
function* checklist(list: NodeList, level: number): Generator<string> {
  let isInGroup = false
  for (const node of list) {
    const isGroup = node.kind === 'group' || node.kind === 'parallel' || node.kind === 'call'
    if (isGroup) {
      yield `${'#'.repeat(Math.min(level, 6))} ${escaped([titleOf(node), ...notesOf(node)].join(', '))}`
      yield ''
      yield* checklist(node.kind === 'call' ? node.called.steps : node.steps, level + 1)
    } else {
      if (isInGroup) yield* [`${'#'.repeat(Math.min(level, 6))} Then`, '']
      yield* [...box(node), '']
    }
    isInGroup = isGroup
  }
}

function titleOf(node: Extract<Node, {kind: 'group' | 'parallel' | 'call'}>): string {
  if (node.kind === 'parallel') return `${node.hasId ? `${node.id}: ` : ''}at the same time`
  if (node.kind === 'call') return `${node.id}: runbook ${node.runbook}`
  return [node.hasId && node.name !== node.id ? `${node.id}: ${oneLine(node.name)}` : node.name, loopWords(node)].filter(Boolean).join(', ')
}

function box(node: Node): readonly string[] {
  const item = `- [ ] ${escaped([headOf(node), ...notesOf(node)].join('  '))}`
  if (node.kind === 'run') return [item, '', ...shell(node).map(line => (line === '' ? '' : `  ${line}`))]
  if (node.kind !== 'manual') return [item]
  const [, ...more] = node.text.trimEnd().split('\n')
  return more.length === 0
    ? [item]
    : [
        item,
        '',
        ...node.text
          .trimEnd()
          .split('\n')
          .map(line => `  ${escaped(line)}`.trimEnd()),
      ]
}

/** Runme takes the name of a fence from its braces. */
function shell({id, script, argv}: RunStep): readonly string[] {
  const code = script?.trimEnd() ?? argv.map(quoted).join(' ')
  const ticks = '`'.repeat(Math.max(3, longestRun(code) + 1))
  return [`${ticks}sh ${JSON.stringify({name: id})}`, ...code.split('\n'), ticks]
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
}

/** Words, not Markdown. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~&]/g, '\\$&').replace(/^(\s*)([-+]|\d{1,9}[.)])(?=\s|$)/, '$1\\$2')
}

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a runbook writes its values like this
import {describe, expect, it} from '@jest/globals'
import {graphText, type Marks} from '../../src/runbook/graph.ts'
import {loadRunbook} from '../../src/runbook/load.ts'
import {graphMermaid} from '../../src/runbook/mermaid.ts'
import type {Runbook} from '../../src/runbook/runbook.ts'
import {EVERY_KEY, OTHER} from './every-key.ts'
import {mermaidProblems} from './mermaid-grammar.ts'

function read(text: string): Runbook {
  const loading = loadRunbook('a.yaml', text, () => ({path: 'other.yaml', text: OTHER}))
  if (!loading.ok) throw new Error(JSON.stringify(loading.findings))
  return loading.loaded.runbook
}

const HOSTILE = `"]; n1 --> n99; subgraph x %% <script>alert(1)</script> #quot; \\"end\\" \u202e\u0007 {{ }} [x] (y) | & \``
const hostile = `scram: 1
runbook: hostile
title: ${JSON.stringify(HOSTILE)}
steps:
  - { id: a, name: ${JSON.stringify(HOSTILE)}, manual: ${JSON.stringify(HOSTILE)}, if: 'run.id == "]; n1 --> n99"' }
  - { id: b, run: [x, ${JSON.stringify(HOSTILE)}], confirm: ${JSON.stringify(HOSTILE)}, if: 'run.id == "x | end"' }
  - { id: g, name: ${JSON.stringify(HOSTILE)}, for_each: [${JSON.stringify(HOSTILE)}], steps: [{ id: end, wait: 1s }] }
`
const MARKS: Marks = new Map([
  ['open#1', 'done'],
  ['say', 'skipped'],
  ['patch[canary]/push#2', 'done'],
  ['patch[production]/push', 'unknown'],
  ['sub/n', 'now'],
])

describe('a runbook as a tree', () => {
  it('has a line for each step, indented by its groups, with what stands before it', () => {
    const text = graphText(read(EVERY_KEY)).join('\n')
    expect(text).toContain('every-key  Every key once\n  open  open\n')
    expect(text).toContain(
      '  patch  for each of canary, production  Patch\n    push  run routerctl deploy ${{ item }}  Push ${{ inputs.release }} to ${{ item }}  approve by ops or ic  undo  on failure undo group, then stop\n',
    )
    expect(text).toContain('  both  at the same time\n    left  probe/http\n')
    expect(text).toContain('  sub  call other  if steps.left.ok && steps.right.n > 1\n    n  note\n')
    expect(text).toContain('on abort\n  rod_list  rod/list')
  })

  it('says how each step of a run stands, in a sign and a word, and counts the rounds of a loop', () => {
    const lines = graphText(read(EVERY_KEY), MARKS)
    const of = (id: string) =>
      lines
        .find(line => line.includes(` ${id}  `))
        ?.slice(0, 12)
        .trim()
    expect([of('open'), of('say'), of('push'), of('healthy'), of('n')]).toEqual(['✓ done', '– skipped', '✓1 ?1', '·', '▶ now'])
  })
})

describe('a runbook in Mermaid', () => {
  it.each([
    ['every kind', EVERY_KEY],
    ['hostile words', hostile],
  ])('is well-formed: %s', (_, text) => {
    expect(mermaidProblems(graphMermaid(read(text)))).toEqual([])
    expect(mermaidProblems(graphMermaid(read(text), MARKS))).toEqual([])
  })

  it('draws questions as hexagons, groups as boxes, rods and marks in colour, jumps dotted', () => {
    const text = graphMermaid(read(EVERY_KEY), MARKS).join('\n')
    expect(text).toMatch(/n\d+\{\{"push · run routerctl deploy ‹item›<br\/>approve by ops or ic<br\/>undo<br\/>on failure undo group, then stop"\}\}:::unknown/)
    expect(text).toMatch(/subgraph n\d+\["patch · for each of canary, production"\]/)
    expect(text).toMatch(/n\d+\["in_rod · rod\/insert api-maintenance<br\/>undo"\]:::rod/)
    expect(text).toMatch(/n\d+ -\.->\|"on failure"\| n\d+/)
    expect(text).toMatch(/-->\|"if steps.look.error_rate ＞ 0.05"\| n\d+/)
  })

  it('and the check of it fails where it should', () => {
    const lines = graphMermaid(read(EVERY_KEY))
    for (const [of, broken] of [
      ['an edge to nowhere', [...lines, '  n1 --> n99']],
      ['an open box', lines.filter(line => line.trim() !== 'end')],
      ['a quote in a label', lines.map(line => line.replace('"open ·', '"op"en ·'))],
      ['another statement', [...lines, '  click n1 "javascript:alert(1)"']],
    ] as const) {
      expect([of, mermaidProblems(broken).length > 0]).toEqual([of, true])
    }
  })
})

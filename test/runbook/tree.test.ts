// biome-ignore-all lint/suspicious/noThenProperty: `then` is a key of the format
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a runbook writes its values like this
import {describe, expect, it} from '@jest/globals'
import {type Expressions, openExpressions, type Spot} from '../../src/runbook/expressions.ts'
import {findingLine} from '../../src/runbook/finding.ts'
import {loadRunbook} from '../../src/runbook/load.ts'
import {type Group, type Node, nodesOf, type Runbook} from '../../src/runbook/runbook.ts'
import {ACTIONS} from './world.ts'

const HEAD = 'scram: 1\nrunbook: top\ntitle: T\n'

function read(steps: string, others: Readonly<Record<string, string>> = {}) {
  return loadRunbook('top.yaml', `${HEAD}${steps}`, id => {
    const text = others[id]
    return text === undefined ? null : {path: `${id}.yaml`, text}
  })
}

function runbookOf(steps: string, others: Readonly<Record<string, string>> = {}): Runbook {
  const loading = read(steps, others)
  if (!loading.ok) throw new Error(loading.findings.map(findingLine).join('\n'))
  return loading.loaded.runbook
}

function lines(steps: string, others: Readonly<Record<string, string>> = {}): readonly string[] {
  const loading = read(steps, others)
  return loading.ok ? [] : loading.findings.map(findingLine)
}

const find = (runbook: Runbook, id: string): Node => [...nodesOf(runbook.steps)].find(node => node.id === id) ?? raise(id)
const group = (runbook: Runbook, id: string): Group => find(runbook, id) as Group
function raise(id: string): never {
  throw new Error(`no ${id}`)
}

const PATCH = `steps:
  - { id: look, uses: probe/http, with: { url: u } }
  - id: patch
    for_each: [canary, production]
    steps:
      - id: push
        approve: { from: [ops] }
        run: [routerctl, deploy, "\${{ item }}"]
        secrets: { TOKEN: 'exec:["vault", "read"]' }
        verify: { uses: probe/command, with: { argv: [a] }, expect: result.stdout == item }
        undo: { run: [routerctl, rollback] }
        on_failure: { undo: group }
      - parallel:
          - { id: left, uses: probe/http, with: { url: u } }
          - { id: right, wait_until: result.ok, probe: { uses: probe/http, with: { url: u } } }
      - { id: after, uses: note, with: { text: x } }
  - { id: sub, call: other, with: { a: b } }
  - { id: end, run: set -o, shell: bash, on_failure: undo, check: [true, x] }
on_abort: [{ id: list, uses: rod/list }]
updates: { every: 15m, at_most: 30m, mode: auto, fallback: Still at it. }
outputs: { n: "\${{ steps.patch.count }}" }
`.replace('check: [true, x]', 'check: ["true", x]')
const OTHER = {
  other: 'scram: 1\nrunbook: other\ntitle: O\ninputs: { a: {} }\nsteps: [{ id: x, run: [a], outputs: text }]\noutputs: { path: "${{ steps.x.text }}" }\n',
}

describe('a runbook is read into a tree', () => {
  const runbook = runbookOf(PATCH, OTHER)

  it('with loops, parallels, calls, undos and every default filled in', () => {
    expect(runbook.steps.map(({kind, id}) => `${kind} ${id}`)).toEqual(['uses look', 'group patch', 'call sub', 'run end'])
    expect(group(runbook, 'patch')).toMatchObject({hasId: true, forEach: {items: ['canary', 'production']}})
    expect(group(runbook, 'patch').steps.map(({kind, id}) => `${kind} ${id}`)).toEqual(['run push', 'parallel ', 'uses after'])
    expect(find(runbook, 'push')).toMatchObject({
      approve: {from: ['ops'], count: 1, timeoutMs: 600_000, onTimeout: 'ask'},
      verify: {expect: 'result.stdout == item', withinMs: 30_000, everyMs: 2000},
      undo: {kind: 'run', id: 'undo', argv: ['routerctl', 'rollback'], effect: 'unsafe'},
      onFailure: {undo: 'group', then: 'ask'},
    })
    expect(find(runbook, 'end')).toMatchObject({
      argv: ['bash', '-euo', 'pipefail', '-c', 'set -o'],
      onFailure: {undo: 'group', then: 'ask'},
      check: ['true', 'x'],
    })
    expect(find(runbook, 'sub')).toMatchObject({runbook: 'other', with: {a: 'b'}, called: {id: 'other'}})
    expect(runbook).toMatchObject({
      updates: {everyMs: 900_000, atMostMs: 1_800_000, mode: 'auto', fallback: 'Still at it.'},
      onAbort: [{kind: 'uses', id: 'list', path: ['on_abort', 0]}],
    })
  })

  it('pins what it calls, and what that calls', () => {
    const others = {
      a: 'scram: 1\nrunbook: a\ntitle: A\nsteps: [{ id: c, call: b }]\n',
      b: 'scram: 1\nrunbook: b\ntitle: B\nsteps: [{ id: n, uses: note }]\n',
    }
    const loading = read('steps: [{ id: x, call: a }, { id: y, call: b }]\n', others)
    expect(loading.ok && Object.entries(loading.loaded.called).map(([id, {path, text}]) => `${id} ${path} ${text.length}`)).toEqual([
      `b b.yaml ${others.b.length}`,
      `a a.yaml ${others.a.length}`,
    ])
  })
})

describe('what cannot be called', () => {
  const calling = (id: string, other: string) => `scram: 1\nrunbook: ${id}\ntitle: T\nsteps: [{ id: c, call: ${other} }]\n`

  it.each<[string, Record<string, string>, string]>([
    ['a runbook that is not there', {}, 'top.yaml:4:24  E unknown-name  there is no runbook `a` in this workspace'],
    ['one that calls back', {a: calling('a', 'top')}, 'top.yaml:4:24  E call-cycle  top calls a, which calls top'],
    ['one that calls itself', {a: calling('a', 'a')}, 'top.yaml:4:24  E call-cycle  a calls itself'],
    [
      'too deep a stack of them',
      {a: calling('a', 'b'), b: calling('b', 'c'), c: calling('c', 'd'), d: calling('d', 'e').replace('call: e', 'run: [x]')},
      'top.yaml:4:24  E call-cycle  calls are at most 3 deep: top calls a calls b calls c calls d',
    ],
    ['one that does not check', {a: 'scram: 1\n'}, 'top.yaml:4:24  E schema  `a` does not check: a.yaml:1:1  E schema  a runbook wants `runbook`'],
  ])('%s', (_, others, line) => {
    expect(lines('steps: [{ id: x, call: a }]\n', others)).toEqual([line])
  })

  it('anything, where no workspace is', () => {
    const loading = loadRunbook('top.yaml', `${HEAD}steps: [{ id: x, call: a }]\n`)
    expect(!loading.ok && loading.findings.map(findingLine)).toEqual(['top.yaml:4:24  E unknown-name  `a` is in no workspace here: a call needs one'])
  })

  it('more text than one record holds', () => {
    const long = (id: string) => `scram: 1\nrunbook: ${id}\ntitle: T\ndescription: "${'x'.repeat(200_000)}"\nsteps: [{ id: n, uses: note }]\n`
    expect(lines('steps: [{ id: x, call: a }, { id: y, call: b }, { id: z, call: c }]\n', {a: long('a'), b: long('b'), c: long('c')})).toEqual([
      'top.yaml:1:1  E schema  with the runbooks it calls this is 587 KiB; at most 512 are pinned',
    ])
  })
})

describe('names in a tree', () => {
  const runbook = runbookOf(PATCH, OTHER)
  const expressions: Expressions = openExpressions(runbook, ACTIONS)
  const inside = group(runbook, 'patch').steps
  const parallel = (inside[1] as Group).steps
  const at = (list: Spot['list'], before: string | null, more: Partial<Spot> = {}): Spot => ({
    list,
    before: before === null ? null : find(runbook, before),
    ...more,
  })

  it.each<[string, Spot]>([
    ['steps.look.ok && item == "canary" && index == 0', at(inside, 'push')],
    ['steps.push.outcome == "finished" && steps.left.ok && steps.right.ok', at(inside, 'after')],
    ['steps.patch.count == 2 && steps.patch.failed == 0', at(runbook.steps, 'sub')],
    ['steps.sub.path == "x"', at(runbook.steps, 'end')],
    ['steps.push.outcome == "finished"', at(inside, 'push', {self: true})],
    ['result.stdout == item', at(inside, 'push', {result: {stdout: 'string'}})],
  ])('%s is seen', (source, spot) => {
    expect(expressions.check(source, spot)).toBeNull()
  })

  it.each<[string, Spot, object]>([
    [
      'steps.push.outcome == "failed"',
      at(runbook.steps, 'end'),
      {code: 'not-visible', message: '`push` runs inside the loop `patch`; from here only outcome, count, failed of `patch` exist'},
    ],
    ['steps.left.ok', at(parallel, 'right'), {code: 'expression', message: expect.stringContaining('no step `left` comes before')}],
    ['steps.patch.count == 1', at(inside, 'after'), {code: 'expression', message: expect.stringContaining('no step `patch` comes before')}],
    ['steps.sub.nope == 1', at(runbook.steps, 'end'), {code: 'expression', message: 'step `sub` has no output `nope`; it has path, outcome'}],
    ['item == "x"', at(runbook.steps, 'end'), {code: 'expression', message: '`item` exists inside a loop (`for_each`) only'}],
    ['item > 3', at(inside, 'push'), {code: 'expression'}],
    ['inputs.a == "x"', at(runbook.steps, 'end'), {code: 'expression'}],
  ])('%s is refused', (source, spot, problem) => {
    expect(expressions.check(source, spot)).toMatchObject(problem)
  })

  it('a name that two could bear is nobody, and the nearest one wins', () => {
    const two = runbookOf(
      'steps:\n  - { id: g, steps: [{ id: x, run: [a], outputs: text }] }\n  - { id: h, steps: [{ id: x, run: [a] }, { id: y, manual: m }] }\n  - { id: end, manual: m }\n',
    )
    const own = openExpressions(two, ACTIONS)
    const inH = group(two, 'h').steps
    expect(own.check('steps.x.outcome == ""', {list: two.steps, before: find(two, 'end')})).toMatchObject({
      code: 'not-visible',
      message: 'several steps are called `x`, none nearer than another; give the one you mean its own id',
    })
    expect(own.check('steps.x.outcome == ""', {list: inH, before: find(two, 'y')})).toBeNull()
    expect(own.check('steps.x.text == ""', {list: inH, before: find(two, 'y')})).toMatchObject({message: 'step `x` has no output `text`; it has outcome'})
  })

  it('a called runbook sees its own only', () => {
    const {called} = find(runbook, 'sub') as Extract<Node, {kind: 'call'}>
    const own = openExpressions(called, ACTIONS)
    expect(own.check('inputs.a == steps.x.text', {list: called.steps, before: null})).toBeNull()
    expect(own.check('steps.look.ok', {list: called.steps, before: null})).not.toBeNull()
  })
})

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a runbook writes its values like this
import {existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it, jest} from '@jest/globals'
import {book, record, stepsOf} from './run-record.ts'
import {type Machine, machine} from './run-scram.ts'
import {terminal} from './terminal.ts'

jest.setTimeout(120_000)

let at: Machine
beforeEach(() => {
  at = machine()
})
afterEach(() => at.remove())
const is = (name: string) => existsSync(join(at.home, name))

describe('a file that is edited while its run waits', () => {
  const steps = (second: string) => `
  - {id: first, run: [touch, first]}
  - {id: look, manual: Look}
  - {id: sub, call: called}
  - {id: second, run: [touch, ${second}]}
`
  const called = (name: string) => `  - {id: inner, run: [touch, ${name}]}\n`

  it('changes nothing: the pinned text goes on, that of called runbooks too', async () => {
    book(at, 'called', called('inner-pinned'))
    book(at, 'main', steps('pinned'))
    expect((await at.run(['run', 'main'])).code).toBe(4)
    book(at, 'called', called('inner-edited'))
    book(at, 'main', steps('edited'))
    expect((await at.run(['done', 'look'])).code).toBe(0)
    expect(['first', 'pinned', 'inner-pinned', 'edited', 'inner-edited'].map(is)).toEqual([true, true, true, false, false])
  })

  it('is taken by --amend when everything begun keeps id, kind and action; else 77 names it, and nothing has changed', async () => {
    book(at, 'called', called('inner'))
    book(at, 'main', steps('pinned'))
    await at.run(['run', 'main'])
    const amend = (text: string) => {
      writeFileSync(join(at.home, 'main.yaml'), text)
      return at.run(['resume', '--amend', 'main.yaml'])
    }
    const text = readFileSync(join(at.home, 'main.yaml'), 'utf8')
    for (const [edited, words] of [
      [text.replace('id: first', 'id: furst'), 'first was begun and is not in it'],
      [text.replace('manual: Look', 'wait: 1s'), 'look was begun as `manual` and is `wait` there'],
      [text.replace('run: [touch, first]', 'uses: note, with: {text: x}'), 'first was begun as `run` and is `uses` there'],
      [text.replace('runbook: main', 'runbook: other'), 'runbook: other is not main'],
    ] as const)
      expect(await amend(edited)).toMatchObject({code: 77, stderr: expect.stringContaining(words)})
    expect((await amend(text.replace('[touch, pinned]', '[touch, mended]'))).code).toBe(4)
    expect((await at.run(['done', 'look'])).code).toBe(0)
    expect(['mended', 'pinned'].map(is)).toEqual([true, false])
    expect((await record(at)).filter(({kind}) => kind === 'run.amended')).toHaveLength(1)
    expect(stepsOf(await record(at), 'step.started').filter(step => step === 'first#1')).toHaveLength(1)
  })
})

describe('a run that is resumed in another folder', () => {
  const steps = '  - {id: look, manual: Look}\n  - {id: go, run: [./tool], effect: idempotent}\n'
  const tool = (folder: string, word: string) => writeFileSync(join(folder, 'tool'), `#!/bin/sh\ntouch ${join(at.home, word)}\n`, {mode: 0o755})
  const other = () => join(at.home, 'other')

  beforeEach(async () => {
    mkdirSync(join(other(), 'nowhere'), {recursive: true})
    book(at, 'pinned', steps)
    tool(at.home, 'right')
    tool(other(), 'wrong')
    writeFileSync(join(other(), 'scram.yaml'), 'scram: 1\n')
    expect((await at.run(['run', 'pinned'])).code).toBe(4)
  })

  it.each([['done', 'look'], ['skip', 'look', '--why', 'seen'], ['resume']])('is refused before anything is recorded or done: scram %s', async (...command) => {
    const before = (await record(at)).length
    const {code, stderr} = await at.run(command, {cwd: other()})
    expect([code, stderr]).toEqual([77, expect.stringMatching(/begun in another workspace[\s\S]*scram resume r-\w{4} --workspace DIR .*pinned\.yaml/)])
    expect(await record(at)).toHaveLength(before)
    symlinkSync(at.home, join(other(), 'link')) // the same folder by another name
    expect((await at.run([...command, '--workspace', 'link'], {cwd: other()})).code).toBe(command[0] === 'resume' ? 4 : 0)
    expect(['right', 'wrong'].map(is)).toEqual([command[0] !== 'resume', false])
  })

  it('asks a person at the terminal, and Enter alone is no', async () => {
    const asked = await terminal(at, ['resume', '--workspace', other()])
    await asked.shows(/begun in another workspace\. Go on with the commands and rods of \S+other\?/)
    asked.type('\r')
    expect(await asked.ended()).toBe(77)
    const told = await terminal(at, ['done', 'look', '--workspace', other()])
    await told.shows(/Go on with/)
    told.type('y\r')
    expect(await told.ended()).toBe(0)
    expect(['right', 'wrong'].map(is)).toEqual([false, true])
  })

  it('goes on where scram.yaml was edited, and says so in one line', async () => {
    writeFileSync(join(at.home, 'scram.yaml'), 'scram: 1\n# edited\n')
    const {code, stderr} = await at.run(['done', 'look'])
    expect([code, stderr.match(/scram\.yaml is not what it was/g)]).toEqual([0, ['scram.yaml is not what it was']])
    expect(is('right')).toBe(true)
  })
})

describe('a hostile value', () => {
  const HOSTILE = `x"; touch PWNED; #'$(touch PWNED) \`touch PWNED\` \${{ run.id }} %s`

  it('is text wherever it goes: with, argv, env, name, confirm, manual', async () => {
    book(
      at,
      'inject',
      `
  - {id: open, uses: open, with: {title: "T \${{ inputs.v }}", severity: sev1, text: "We \${{ inputs.v }}"}}
  - {id: argv, name: "N \${{ inputs.v }}", run: [printf, "%s", "\${{ inputs.v }}"], outputs: text, confirm: "C \${{ inputs.v }}?"}
  - {id: env, run: 'printf %s "$V"', env: {V: "\${{ inputs.v }}"}, outputs: text}
  - {id: bash, shell: bash, run: 'false | true; printf %s "$V"', env: {V: "\${{ inputs.v }}"}, on_failure: continue}
  - {id: bash2, shell: bash, run: '[[ -n $V ]] && printf %s "\${V:0:2}"', env: {V: "\${{ inputs.v }}"}, outputs: text}
  - {id: note, uses: note, with: {text: "\${{ steps.argv.text }}"}}
  - {id: look, manual: "M \${{ inputs.v }}"}
`,
      'inputs: {v: {type: string}}\n',
    )
    const {code, stdout} = await at.run(['run', 'inject', '--yes', '--input', `v=${HOSTILE}`])
    expect(code).toBe(4)
    expect(stdout).toContain(`M ${HOSTILE}`)
    const entries = await record(at)
    const outputs = (step: string) => entries.find(({kind, data}) => kind === 'step.finished' && data.step === step)?.data['outputs']
    expect([outputs('argv#1'), outputs('env#1'), outputs('bash2#1')]).toEqual([{text: HOSTILE}, {text: HOSTILE}, {text: 'x"'}])
    expect(entries.find(({kind, data}) => kind === 'step.failed' && data.step === 'bash#1')?.data).toMatchObject({code: 'exec.exit', message: 'exit 1'})
    expect(entries.find(({kind}) => kind === 'note.added')?.data['text']).toBe(HOSTILE)
    expect(entries.find(({kind, data}) => kind === 'step.started' && data.step === 'argv#1')?.data['title']).toBe(`N ${HOSTILE}`)
    expect(is('PWNED')).toBe(false)
  })

  it('does not become an option: refused before anything is started, unless -- came first', async () => {
    book(
      at,
      'dash',
      `
  - {id: first, run: [touch, "\${{ inputs.v }}"], on_failure: continue}
  - {id: second, run: [touch, --, "\${{ inputs.v }}"]}
`,
      'inputs: {v: {type: string}}\n',
    )
    expect((await at.run(['run', 'dash', '--input', 'v=--help'])).code).toBe(1)
    expect(is('--help')).toBe(true)
    const [failed] = (await record(at)).filter(({kind}) => kind === 'step.failed')
    expect(failed?.data).toMatchObject({step: 'first#1', code: 'step.input', message: expect.stringContaining('a value may not become an option')})
    expect(stepsOf(await record(at), 'step.started')).toEqual(['second#1'])
  })
})

describe('a wiki page', () => {
  const PAGE = `# Web is down

Call the owner first.

## Contain

- [ ] Look at the dashboard
- [ ] Tell support

## Repair

\`\`\`sh
touch repaired
\`\`\`

- [ ] Look again
`
  it('runs at once, by hand; exported and imported again it is the same runbook', async () => {
    writeFileSync(join(at.home, 'scram.yaml'), 'scram: 1\n')
    writeFileSync(join(at.home, 'page.md'), PAGE)
    const begun = await at.json(['runbook', 'init', '--from', 'page.md'])
    expect(begun.code).toBe(0)
    const id = String(begun.value['id'])
    let ended = await at.json(['run', id, '--yes'])
    const hands: unknown[] = []
    for (let turn = 0; ended.code === 4 && turn < 10; turn += 1) {
      hands.push([ended.value['reason'], ended.value['step']])
      const {code, stdout} = await at.run(['done', '--yes', '--json'])
      ended = {code, value: JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>, stderr: ''}
    }
    expect([ended.code, ended.value['outcome']]).toEqual([0, 'done'])
    expect(hands).toHaveLength(3)
    expect(is('repaired')).toBe(true)

    const file = String(begun.value['path'])
    const written = readFileSync(join(at.home, file), 'utf8')
    const exported = await at.run(['runbook', 'show', id, '--markdown'])
    // Where it is there already, nothing is overwritten; elsewhere it is the same to the byte.
    writeFileSync(join(at.home, 'again.md'), exported.stdout)
    expect((await at.run(['runbook', 'init', '--from', 'again.md'])).code).toBe(77)
    const cwd = join(at.home, 'elsewhere')
    mkdirSync(cwd)
    writeFileSync(join(cwd, 'scram.yaml'), 'scram: 1\n')
    const again = await at.json(['runbook', 'init', '--from', '../again.md'], {cwd})
    expect(again.code).toBe(0)
    expect(readFileSync(join(cwd, String(again.value['path'])), 'utf8')).toBe(written)
  })
})

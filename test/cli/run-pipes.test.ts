// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a shell's own variable
import {existsSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {afterEach, beforeEach, describe, expect, it, jest} from '@jest/globals'
import {requireTool} from '../servers/require-tool.ts'
import {book, record} from './run-record.ts'
import {type Ended, type Machine, machine} from './run-scram.ts'
import {type Terminal, terminal} from './terminal.ts'

jest.setTimeout(120_000)

let at: Machine
let screen: Terminal | null
beforeEach(() => {
  at = machine()
  screen = null
})
afterEach(async () => {
  screen?.end()
  await at.remove()
})
const is = (name: string) => existsSync(join(at.home, name))
const last = ({stdout}: Ended) => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>

describe('a run in a pipe', () => {
  it('sends no codes of a terminal; under --json each line is an object, the last is the end, and the exit is the same', async () => {
    for (const [id, steps, exit, event] of [
      ['good', '  - {id: a, run: [touch, a]}\n  - {id: w, wait: 1s}\n', 0, 'run.finished'],
      ['bad', '  - {id: a, run: ["false"], on_failure: continue}\n', 1, 'run.finished'],
      ['stops', '  - {id: a, run: ["false"], on_failure: stop}\n', 1, 'run.parked'],
      ['waits', '  - {id: a, manual: Look}\n', 4, 'run.parked'],
    ] as const) {
      book(at, id, steps)
      const plain = await at.run(['run', id])
      const json = await at.run(['run', id, '--json'])
      expect([id, plain.code, json.code, last(json)['event'], last(json)['exit']]).toEqual([id, exit, exit, event, exit])
      expect(`${plain.stdout}${plain.stderr}${json.stdout}${json.stderr}`).not.toContain('\u001b')
      for (const line of json.stdout.trimEnd().split('\n')) expect(JSON.parse(line)).toMatchObject({event: expect.stringMatching(/^(?:run|step)\./)})
    }
  })

  it('goes on when nobody reads any more', async () => {
    book(at, 'long', '  - {id: a, run: [touch, a]}\n  - {id: b, run: [sleep, "1"]}\n  - {id: c, run: [touch, c]}\n  - {id: look, manual: Look}\n')
    for (const shell of ['"$0" run long --json 2>/dev/null | head -1; echo "${PIPESTATUS[0]}"', '"$0" run long 2>&1 | head -1; echo "${PIPESTATUS[0]}"']) {
      const {stdout} = await at.run([], {shell})
      expect(stdout.trimEnd().split('\n').at(-1)).toBe('4')
      expect(stdout.trimEnd().split('\n')).toHaveLength(2)
    }
    expect(is('c')).toBe(true)
    expect((await record(at)).filter(({kind}) => kind === 'run.parked').map(({data}) => [data.step, data['reason']])).toEqual([
      ['look', 'manual'],
      ['look', 'manual'],
    ])
  })
})

describe('a signal', () => {
  const steps = `
  - {id: slow, run: 'sleep 2; touch slow', effect: idempotent}
  - {id: next, run: [touch, next]}
`
  async function signalled(signals: readonly NodeJS.Signals[], runbook = 'sig', after = /begins .* slow/): Promise<Ended> {
    let pid = 0
    let sent = false
    return at.run(['run', runbook], {
      started: found => {
        pid = found
      },
      heard: text => {
        if (sent || !after.test(text)) return
        sent = true
        void (async () => {
          for (const signal of signals) {
            process.kill(pid, signal)
            await sleep(400)
          }
        })()
      },
    })
  }

  it.each([['SIGINT'], ['SIGTERM'], ['SIGHUP']] as const)('%s in a step: the step ends, the run is parked, exit 130', async signal => {
    book(at, 'sig', steps)
    const {code} = await signalled([signal])
    expect([code, is('slow'), is('next')]).toEqual([130, true, false])
    expect((await record(at)).at(-1)).toMatchObject({kind: 'run.parked', data: {reason: 'interrupted', step: 'next', exit: 130}})
    expect((await at.run(['resume'])).code).toBe(0)
    expect(is('next')).toBe(true)
  })

  it('Ctrl-C twice ends the step, which is unknown then; it runs again only because it says that it may', async () => {
    book(at, 'sig', steps)
    const {code} = await signalled(['SIGINT', 'SIGINT'])
    expect([code, is('slow')]).toEqual([130, false])
    expect((await record(at)).map(({kind}) => kind).slice(-2)).toEqual(['step.unknown', 'run.parked'])
    expect((await at.run(['resume'])).code).toBe(0)
    expect(is('slow')).toBe(true)
  })

  it('in a wait ends it at once; it goes on with the same due time', async () => {
    book(at, 'waits', '  - {id: soak, wait: 4s}\n  - {id: next, run: [touch, next]}\n')
    const since = Date.now()
    const {code} = await signalled(['SIGINT'], 'waits', /waits|begins/)
    expect([code, Date.now() - since < 3500]).toEqual([130, true])
    expect((await at.run(['resume'])).code).toBe(0)
    const entries = await record(at)
    const set = entries.filter(({kind}) => kind === 'timer.set')
    expect(set).toHaveLength(1)
    const fired = entries.find(({kind}) => kind === 'timer.fired')
    expect(Date.parse(String(fired?.at)) - Date.parse(String(set[0]?.data['due']))).toBeLessThan(1500)
  })

  requireTool('script').each([
    ['Ctrl-C', (one: Terminal): void => one.type('\u0003'), 130],
    ['SIGTERM', (one: Terminal): void => void process.kill(one.pid, 'SIGTERM'), 130],
    ['SIGHUP', (one: Terminal): void => void process.kill(one.pid, 'SIGHUP'), 130],
  ] as const)('%s in a question parks the run and leaves the cursor', async (_, send, exit) => {
    book(at, 'asks', '  - {id: look, manual: Look at it}\n')
    screen = await terminal(at, ['run', 'asks'])
    await screen.shows(/stop here/)
    send(screen)
    expect(await screen.ended()).toBe(exit)
    const sent = screen.sent()
    expect(sent.lastIndexOf('\u001b[?25h')).toBeGreaterThanOrEqual(sent.lastIndexOf('\u001b[?25l'))
    expect(sent).not.toMatch(/a bug in scram|ExitPrompt/)
    expect((await record(at)).at(-1)).toMatchObject({kind: 'run.parked', data: {reason: 'interrupted', step: 'look'}})
  })

  requireTool('script')('what a command writes is seen while it works, on a terminal only: harmless, without secrets, before its own end', async () => {
    const talk = 'echo "began $A"; printf "\\033[31mred\\033[0m\\n" >&2; while [ ! -e go ]; do sleep 0.1; done; echo over'
    book(at, 'talks', `  - {id: talk, name: Talk, run: '${talk}', secrets: {A: "env:CANARY"}}\n`)
    const CANARY = 'cnry-7f3Kq9/xZ+20w'
    screen = await terminal(at, ['run', 'talks'], {CANARY})
    await screen.shows(/│ began \[redacted:secret\]\r\n/)
    await screen.shows(/│ red\r\n/)
    expect(screen.sent()).not.toMatch(/✓ done|│ over/)
    writeFileSync(join(at.home, 'go'), '')
    expect(await screen.ended()).toBe(0)
    expect(screen.sent()).toMatch(/│ over\r\n[\s\S]*✓ done/)
    expect(screen.sent()).not.toContain(CANARY)
    for (const args of [
      ['run', 'talks'],
      ['run', 'talks', '--json'],
    ]) {
      const {code, stdout, stderr} = await at.run(args, {env: {CANARY}})
      expect([code, `${stdout}${stderr}`]).toEqual([0, expect.not.stringMatching(/│|step\.said|began/)])
    }
  })

  requireTool('script')('--step asks before each: yes, skip, stop; Enter alone parks', async () => {
    book(at, 'each', '  - {id: a, run: [touch, a]}\n  - {id: b, run: [touch, b]}\n')
    screen = await terminal(at, ['run', 'each', '--step'])
    await screen.shows(/skip this step/)
    screen.type('\r')
    await screen.ended()
    expect([is('a'), is('b')]).toEqual([false, false])
    screen = await terminal(at, ['resume', '--step'])
    await screen.shows(/skip this step/)
    screen.type('\u001b[B\r')
    await screen.shows(/done .* a [\s\S]*touch b[\s\S]*skip this step/)
    screen.type('\u001b[B\u001b[B\r')
    expect(await screen.ended()).toBe(0)
    expect([is('a'), is('b')]).toEqual([true, false])
  })
})

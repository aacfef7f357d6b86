import {spawn} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {afterEach, beforeEach, describe, expect, it, jest} from '@jest/globals'
import {missing} from '../crash/run-writer.ts'
import {book, record} from './run-record.ts'
import {launcher, type Machine, machine} from './run-scram.ts'

// Dozens of real processes, on machines that are busy.
jest.setTimeout(60_000)

let at: Machine
beforeEach(async () => {
  at = machine()
  await at.run(['open', 'API down', '-s', 'sev1', '-m', 'We look into it.'])
})
afterEach(() => at.remove())

const events = async () =>
  (await at.run(['timeline', 'export'])).stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as {kind: string; actor: {kind: string}; data: Record<string, unknown>})
const posted = async () => (await events()).filter(({kind}) => kind === 'update.posted').map(({data}) => data['body'])

async function untilSo(isSo: () => boolean | Promise<boolean>, mostMs = 20_000): Promise<void> {
  const end = Date.now() + mostMs
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('it did not come about')
    await sleep(100)
  }
}

describe('scram update --in', () => {
  it('says when it goes out and how to take it back; status and show have it', async () => {
    const {code, stdout} = await at.run(['update', 'Soon back.', '--in', '10m'])
    const id = /update ([0-9a-f]{8}) scheduled for \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ: Soon back\./.exec(stdout)?.[1] ?? ''
    expect([code, stdout]).toEqual([0, expect.stringContaining(`cancel: scram update --cancel ${id}; it goes out only while some scram runs: scram watch`)])
    expect((await at.run([])).stdout).toMatch(new RegExp(`scheduled +${id} [\\d:]+Z, in \\d+m.*: Soon back\\.`))
    expect((await at.json(['show'])).value['scheduled']).toEqual([expect.objectContaining({held: null, update: expect.objectContaining({text: 'Soon back.'})})])
    expect((await at.run(['update', '--cancel', id])).code).toBe(0)
    expect((await at.run(['update', '--cancel', id])).code).toBe(66)
    expect((await at.run([])).stdout).not.toContain('scheduled')
  })

  it('is posted once by commands that race for it, and they say so', async () => {
    for (const text of ['one', 'two', 'three']) await at.run(['update', text, '--in', '2s'])
    await sleep(2000)
    const ends = await Promise.all(['a', 'b', 'c', 'd'].map(text => at.run(['note', text])))
    expect(ends.map(({code}) => code)).toEqual([0, 0, 0, 0])
    expect((await posted()).sort()).toEqual(['We look into it.', 'one', 'three', 'two'])
    expect(ends.map(({stderr}) => stderr).join('')).toMatch(/! due now: update \d, investigating: (?:one|two|three)/)
    expect(await at.json(['timeline', 'verify'])).toMatchObject({code: 0})
  })

  it('takes no text to cancel or post, one time, and nothing after the end', async () => {
    const code = async (...args: string[]) => (await at.run(['update', ...args])).code
    expect([await code('x', '--cancel', 'abcd'), await code('x', '--in', '0s'), await code('x', '--in', '5m', '--at', '15:52')]).toEqual([64, 64, 64])
    expect([await code('--post', 'abcd', '--cancel', 'abcd'), await code('--post', 'abcd', '--in', '5m'), await code('--post', 'abcd')]).toEqual([64, 64, 66])
    await at.run(['resolve', '-m', 'Over.'])
    const {incidents} = (await at.json(['list', '--all'])).value as {incidents: {id: string}[]}
    expect([await code('x', '--in', '5m'), await code('x', '--in', '5m', '--incident', incidents[0]?.id ?? '')]).toEqual([66, 77])
  })
})

/** `scram watch` in a pipe, ended by `signal` when `until` is done. */
async function watching(args: readonly string[], until: () => Promise<unknown>, signal: NodeJS.Signals = 'SIGINT') {
  let pid = 0
  const ended = at.run(['watch', '--every', '1s', ...args], {started: started => (pid = started)})
  await until()
  process.kill(pid, signal)
  return ended
}

describe('scram watch in a pipe', () => {
  it('says what happens, whoever does it, in plain lines', async () => {
    const {code, stdout} = await watching([], async () => {
      await sleep(1500)
      await at.run(['note', 'Found it.'])
      await at.run(['update', 'Soon back.', '--in', '2s'])
      await untilSo(async () => (await posted()).length === 2)
      await sleep(1500)
    })
    expect(code).toBe(130)
    expect(stdout).toMatch(/SEV1 {2}API down {2}\(open for/)
    expect(stdout.match(/^\d{4}-\S+Z {2}Found it\.$/gm)).toHaveLength(1)
    expect(stdout.match(/^\d{4}-\S+Z {2}update 2, investigating: Soon back\./gm)).toHaveLength(1)
    expect(stdout).not.toContain('\u001b')
    expect((await events()).find(({data}) => data['number'] === 2)?.actor.kind).toBe('watch')
  })

  it('says once that the driver of a run went, which nobody records', async () => {
    book(at, 'long', '  - {id: soak, wait: 10m}\n')
    let driver = 0
    const run = at.run(['run', 'long'], {started: pid => (driver = pid)})
    const {stdout} = await watching([], async () => {
      await untilSo(async () => (await record(at)).some(({kind}) => kind === 'timer.set'))
      await sleep(1500)
      process.kill(driver, 'SIGKILL')
      await run
      await sleep(3500)
    })
    expect(stdout.match(/^\d{4}-\S+Z {2}r-\w+ of long STOPPED at soak: .*scram resume r-\w+$/gm)).toHaveLength(1)
  })

  it('is NDJSON with --json, and ends on SIGTERM', async () => {
    const {code, stdout} = await watching(
      ['--json'],
      async () => {
        await sleep(1500)
        await at.run(['note', 'Found it.'])
        await sleep(2000)
      },
      'SIGTERM',
    )
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as {what?: string; kind?: string})
    expect(code).toBe(130)
    expect(lines.filter(({what}) => what === 'board').length).toBeGreaterThanOrEqual(2)
    expect(lines.filter(({kind}) => kind === 'note.added')).toEqual([
      expect.objectContaining({what: 'recorded', data: expect.objectContaining({text: 'Found it.'})}),
    ])
  })

  it('looks once, does what is due, and has both in one object', async () => {
    await at.run(['update', 'Soon back.', '--in', '1s'])
    await sleep(1100)
    const {code, value} = await at.json(['watch', '--once'])
    expect(code).toBe(0)
    expect(value).toMatchObject({
      what: 'looked',
      rods: [],
      incidents: [{title: 'API down', scheduled: []}],
      happened: expect.arrayContaining([expect.objectContaining({kind: 'update.posted'})]),
    })
  })
})

const noScript = missing('script', ['-qec', 'true', '/dev/null'])
if (noScript) process.stdout.write(`SKIPPED, watch is not tried on a terminal: ${noScript}\n`)
const onTerminal = noScript ? describe.skip : describe

/** `scram watch` on a pseudo-terminal of 100 by 24; `until` is given its process. Answers with all the terminal was sent. */
async function onScreen(until: (pid: number, sent: () => string, script: number) => Promise<unknown>): Promise<string> {
  const pidFile = join(at.home, 'pid')
  const inner = `stty cols 100 rows 24; echo $$ >${pidFile}; exec ${launcher} watch --every 1s`
  const env = {PATH: process.env['PATH'] ?? '', HOME: at.home, SCRAM_HOME: join(at.home, 'record'), TERM: 'xterm'}
  const child = spawn('script', ['-qec', inner, '/dev/null'], {env, cwd: at.home, stdio: ['pipe', 'pipe', 'pipe']})
  let sent = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (sent += text))
  const ended = new Promise(resolve => child.once('close', resolve))
  try {
    await untilSo(() => existsSync(pidFile) && sent.includes('API down'))
    await until(Number(readFileSync(pidFile, 'utf8')), () => sent, child.pid ?? 0)
    await Promise.race([
      ended,
      sleep(10_000, undefined, {ref: false}).then(() => Promise.reject(new Error(`it does not end: ${JSON.stringify(sent.slice(-400))}`))),
    ])
    return sent
  } finally {
    child.kill('SIGKILL')
  }
}

onTerminal('scram watch on a terminal', () => {
  const ENTER = '\u001b[?1049h\u001b[?25l'
  const LEAVE = '\u001b[?25h\u001b[?1049l'

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('is a board, and leaves the terminal as it found it on %s; what happened stays', async signal => {
    const sent = await onScreen(async pid => {
      await at.run(['note', 'Found it.'])
      await sleep(2500)
      process.kill(pid, signal)
    })
    expect(sent.split(ENTER)).toHaveLength(2)
    expect(sent.split(LEAVE)).toHaveLength(2)
    const [board = '', after = ''] = sent.split(LEAVE)
    expect(board).toMatch(/SEV1 {2}API down {2}\(open for/)
    expect(board.split('\u001b[H').length).toBeGreaterThan(2)
    expect(after).not.toMatch(/\u001b\[\?(?:25l|1049h)/)
    if (signal !== 'SIGHUP') expect(after).toContain('Found it.')
  })

  it('leaves it for Ctrl-Z, and draws again behind fg', async () => {
    const sent = await onScreen(async (pid, sofar, script) => {
      process.kill(pid, 'SIGTSTP')
      await sleep(500) // a SIGCONT takes back a SIGTSTP that has not arrived
      // script(1) stops with its child, as a shell would put both into the background, and perhaps before it passed on what the
      // child had written: so the leaving is seen only once it is continued.
      await untilSo(() => {
        for (const stopped of [script, pid]) process.kill(stopped, 'SIGCONT')
        return sofar().includes(LEAVE) && sofar().split(ENTER).length >= 3
      })
      process.kill(pid, 'SIGINT')
    })
    expect(sent.lastIndexOf(LEAVE)).toBeGreaterThan(sent.lastIndexOf(ENTER))
  })
})

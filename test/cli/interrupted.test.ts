import {existsSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {requireTool} from '../servers/require-tool.ts'
import {launcher, type Machine, machine} from './run-scram.ts'

let at: Machine
beforeEach(() => {
  at = machine()
})
afterEach(() => at.remove())

/** A rod that says when it is being moved, and takes its time. */
function slowRod(): string {
  const marker = join(at.home, 'moving')
  const rod = `  slow:
    title: Slow
    what: nothing
    spares: everything
    owner: nobody
    blast: {users: none, worst: nothing}
    driver: command
    with:
      insert: [sh, -c, "touch ${marker}; sleep 20"]
      withdraw: ["true"]
      read: [echo, withdrawn]
    probe: {command: {argv: [echo, out], expect: {inserted: {stdout: in}, withdrawn: {stdout: out}}}}`
  writeFileSync(join(at.home, 'scram.yaml'), `scram: 1\nrods:\n${rod}\n`)
  return marker
}

async function whenThere(file: string): Promise<void> {
  for (let tries = 0; !existsSync(file); tries++) {
    if (tries > 400) throw new Error(`${file} never came`)
    await pause(25)
  }
}

describe('a command that is interrupted while it moves the world', () => {
  it.each<[NodeJS.Signals]>([['SIGINT'], ['SIGTERM']])('%s: exit 130, the intent stands, and how to settle it is said', async signal => {
    const marker = slowRod()
    const {code, stdout, stderr} = await at.run(['in', 'slow', '--why', 'to see', '--json'], {
      started: pid => void whenThere(marker).then(() => process.kill(pid, signal)),
    })
    expect({code, stderr}).toEqual({code: 130, stderr: expect.any(String)})
    expect(JSON.parse(stdout)).toMatchObject({
      error: {code: 'interrupted', exit: 130, hints: expect.arrayContaining([expect.stringMatching(/^scram rod verify slow/)])},
    })
    const {value} = await at.json(['rod', 'list'])
    expect(JSON.stringify(value)).toMatch(/inserting|unknown/)
  })

  it('a second Ctrl-C kills at once', async () => {
    const marker = slowRod()
    const twice = async (pid: number) => {
      await whenThere(marker)
      process.kill(pid, 'SIGINT')
      process.kill(pid, 'SIGINT')
      await pause(50)
      process.kill(pid, 'SIGINT')
    }
    const {code, signal} = await at.run(['in', 'slow', '--why', 'to see'], {started: pid => void twice(pid).catch(() => undefined)})
    expect([code, signal]).toEqual(signal === null ? [130, null] : [null, 'SIGINT'])
  })
})

describe('a question', () => {
  const book = `scram: 1
runbook: asks
title: Asks
steps:
  - id: sure
    name: Ask somebody
    manual: Is the cable plugged in?
`

  it('is never asked without a terminal: exit 4, with --json too', async () => {
    writeFileSync(join(at.home, 'scram.yaml'), 'scram: 1\n')
    writeFileSync(join(at.home, 'asks.yaml'), book)
    const {code, stdout} = await at.run(['run', 'asks', '--json'])
    const last: unknown = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')
    expect({code, last}).toMatchObject({code: 4, last: {outcome: 'parked', exit: 4}})
  })

  requireTool('script')('Ctrl-C in it is an interruption, not a crash', async () => {
    writeFileSync(join(at.home, 'scram.yaml'), 'scram: 1\n')
    writeFileSync(join(at.home, 'asks.yaml'), book)
    // A real terminal; the keys come once the question stands there.
    const {stdout} = await at.run([], {shell: `{ sleep 2; printf '\\003'; sleep 1; } | script -qec '${launcher} run asks; echo "[exit $?]"' /dev/null`})
    expect(stdout).toMatch(/Is the cable plugged in/)
    expect(stdout).toMatch(/\[exit (?:4|130)\]/)
    expect(stdout).not.toMatch(/ExitPromptError|force closed|a bug in scram/)
    // This terminal has no width: a moving line would erase for ever, a gigabyte of it.
    expect(stdout.length).toBeLessThan(10_000)
  })
})

describe('exec', () => {
  it('passes everything after -- on as it stands, and its exit code back', async () => {
    const {code, stdout} = await at.run(['exec', '--', 'sh', '-c', 'printf "<%s>" "$@"; exit 7', 'sh', 'b', '--json', 'a', 'b', '--', '-x', '--incident'])
    expect(code).toBe(7)
    expect(stdout).toMatch(/^<b><--json><a><b><--><-x><--incident>/)
  })

  it('without a command is a usage error', async () => {
    const {code, value} = await at.json(['exec'])
    expect({code, value}).toMatchObject({code: 64, value: {error: {code: 'usage.missing'}}})
  })
})

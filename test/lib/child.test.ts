import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {bareEnv, type ChildCall, childEnv, cutShort, lastWords, runChild} from '../../src/lib/child.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'child-'))
})
afterEach(() => rmSync(folder, {recursive: true, force: true}))

const never = new AbortController().signal
const sh = (script: string, more: Partial<ChildCall> = {}): ChildCall => ({
  argv: ['sh', '-c', script],
  cwd: folder,
  env: childEnv({}),
  timeoutMs: 10_000,
  ...more,
})

/** True until the process is gone; a zombie nobody waited for counts as gone. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100 && isAlive(pid); tries++) await new Promise(done => setTimeout(done, 20))
  return !isAlive(pid)
}

describe('runChild', () => {
  it('answers with exit code and both outputs, also when the answer is no', async () => {
    expect(await runChild(sh('echo out; echo err >&2; exit 3'), never)).toMatchObject({
      exitCode: 3, signal: null, timedOut: false, aborted: false, notStarted: null, stdout: 'out\n', stderr: 'err\n', cut: false,
    }) // biome-ignore format: one fact a word
  })

  it('hands arguments on byte for byte, whatever a shell would make of them', async () => {
    const words = ['$(touch x)', 'two words', '', "it's", '--flag', 'a\nb', 'ünïcode']
    const {stdout} = await runChild({...sh(''), argv: ['printf', '%s|', ...words]}, never)
    expect(stdout).toBe(words.map(word => `${word}|`).join(''))
  })

  it('says why nothing was started', async () => {
    expect((await runChild({...sh(''), argv: ['no-such-program-here']}, never)).notStarted).toBe('ENOENT')
    expect((await runChild({...sh(''), argv: ['echo', 'a\0b']}, never)).notStarted).toBe('ERR_INVALID_ARG_VALUE')
    expect((await runChild(sh('true', {cwd: join(folder, 'nothing')}), never)).notStarted).toBe('ENOENT')
  })

  it('ends the grandchildren, too, when time is up, although they hold the pipe', async () => {
    const {timedOut, exitCode, signal, stdout} = await runChild(sh('sleep 60 & echo $!; wait', {timeoutMs: 100}), never)
    expect({timedOut, exitCode, signal}).toEqual({timedOut: true, exitCode: null, signal: 'SIGTERM'})
    expect(await gone(Number(stdout))).toBe(true)
  })

  it('kills what does not listen to SIGTERM', async () => {
    const {timedOut, signal} = await runChild(sh('trap "" TERM; while :; do sleep 0.05; done', {timeoutMs: 150, graceMs: 100}), never)
    expect({timedOut, signal}).toEqual({timedOut: true, signal: 'SIGKILL'})
  })

  it('says aborted, and what was said before, when a person ends it; the group is gone by then', async () => {
    const abort = new AbortController()
    const onOutput = () => abort.abort()
    const {aborted, timedOut, stdout} = await runChild(sh('echo $$; sleep 60', {onOutput}), abort.signal)
    expect({aborted, timedOut}).toEqual({aborted: true, timedOut: false})
    expect(await gone(Number(stdout))).toBe(true)
  })

  it('starts nothing when it was aborted before', async () => {
    expect(await runChild(sh(`touch ${folder}/ran`), AbortSignal.abort())).toMatchObject({aborted: true, exitCode: null, notStarted: null})
    expect(() => readFileSync(join(folder, 'ran'))).toThrow('ENOENT')
  })

  it('keeps a bounded output and never blocks the program that says more', async () => {
    const {exitCode, stdout, cut} = await runChild(sh('head -c 3000000 /dev/zero; exit 0', {maxBytes: 1000}), never)
    expect({exitCode, cut, length: stdout.length}).toEqual({exitCode: 0, cut: true, length: 1000})
  })

  it('does not wait for a helper left behind that holds the pipe', async () => {
    const {exitCode, stdout} = await runChild(sh('sleep 60 & echo $!'), never)
    expect(exitCode).toBe(0)
    process.kill(Number(stdout), 'SIGKILL')
  })

  it('has no stdin to wait for', async () => {
    expect((await runChild(sh('cat; echo end'), never)).stdout).toBe('end\n')
  })
})

describe('what a child reads', () => {
  it('is the input, byte for byte, and then the end', async () => {
    const input = `$(touch x) "ü"\n${'x'.repeat(500_000)}`
    expect((await runChild(sh('cat', {input}), never)).stdout).toBe(input)
    expect((await runChild(sh('cat; echo end', {input: ''}), never)).stdout).toBe('end\n')
  })

  it('need not be read', async () => {
    expect(await runChild(sh('exit 3', {input: 'x'.repeat(500_000)}), never)).toMatchObject({exitCode: 3, notStarted: null})
    expect((await runChild({...sh('', {input: 'x'}), argv: ['no-such-program-here']}, never)).notStarted).toBe('ENOENT')
  })
})

describe('cutShort', () => {
  it('says why a child did not end by itself, and nothing of one that did', async () => {
    const said = async (call: ChildCall, signal = never) => cutShort(await runChild(call, signal), call)
    expect(await said(sh('exit 7'))).toBeNull()
    expect(await said(sh('kill -9 $$'))).toBe('it was ended by SIGKILL')
    expect(await said(sh('sleep 60', {timeoutMs: 100}))).toBe('it took longer than 0.1 s')
    expect(await said(sh('sleep 60'), AbortSignal.timeout(100))).toBe('its deadline passed')
    expect(await said(sh("trap 'exit 0' TERM; sleep 60 & wait", {timeoutMs: 100}))).toBe('it took longer than 0.1 s')
  })
})

describe('lastWords', () => {
  it('is one short harmless line', () => {
    expect(lastWords('first\nlast \u001b[2J\n\n')).toBe('last ')
    expect(lastWords('')).toBe('')
    expect(lastWords('x'.repeat(10_000))).toHaveLength(200)
  })
})

describe('childEnv', () => {
  it('passes on the few variables every program needs, and what was declared', () => {
    const own = {PATH: '/bin', HOME: '/h', TZ: undefined, LC_TIME: 'C', TMPDIR: '/t', TERM: 'xterm', SCRAM_HOME: '/s'}
    const secret = {HEROKU_API_KEY: 'secret', NODE_OPTIONS: '--inspect', SCRAM_TOKEN: 'secret'}
    expect(childEnv({PGHOST: 'db', HOME: '/other'}, {...own, ...secret})).toEqual({
      ...{PATH: '/bin', HOME: '/other', LC_TIME: 'C', TMPDIR: '/t', TERM: 'dumb', SCRAM_HOME: '/s'},
      PGHOST: 'db',
    })
  })

  it('is barer for what moves a rod: nothing of scram itself', () => {
    expect(bareEnv({PGHOST: 'db'}, {PATH: '/bin', SCRAM_HOME: '/s', HEROKU_API_KEY: 'secret'})).toEqual({PATH: '/bin', PGHOST: 'db'})
  })

  it('is all a child sees', async () => {
    const {stdout} = await runChild({...sh(''), argv: ['/usr/bin/env'], env: {ONLY: 'this'}}, never)
    expect(stdout).toBe('ONLY=this\n')
  })
})

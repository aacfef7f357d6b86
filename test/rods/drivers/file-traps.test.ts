import {spawnSync} from 'node:child_process'
import {existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {chmod} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {systemClock} from '../../../src/lib/clock.ts'
import {Fault} from '../../../src/lib/fault.ts'
import {carryOut} from '../../../src/rods/carry-out.ts'
import {observe} from '../../../src/rods/observe.ts'
import type {Told} from '../../../src/rods/watch-effect.ts'
import {FLAG_SERVER, startNginx} from '../../servers/nginx.ts'
import {requireTool} from '../../servers/require-tool.ts'
import {rodOf} from '../open-driver.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flag-'))
  path = join(folder, 'maint.flag')
})
afterEach(() => rmSync(folder, {recursive: true, force: true}))

const call = (signal = AbortSignal.timeout(20_000)) => ({target: '', why: 'why', fence: 1, signal})
const driverOf = (given: Record<string, unknown> = {}, positions = ['withdrawn', 'inserted']) =>
  rodOf({driver: 'file', with: {path, ...given}, positions}, {folder}).driver()
const faultOf = async (moving: Promise<unknown>): Promise<Fault> => {
  const end = await moving.then(
    () => 'done',
    (error: unknown) => error,
  )
  if (end instanceof Fault) return end
  throw new Error(`no fault: ${String(end)}`)
}
/** A prefix that does what `text` says with the arguments it gets. */
const prefix = async (text: string): Promise<string[]> => {
  writeFileSync(join(folder, 'prefix'), `#!/bin/sh\n${text}\n`)
  await chmod(join(folder, 'prefix'), 0o755)
  return [join(folder, 'prefix')]
}

describe('nginx that caches what it found of files', () => {
  const moved = async (validMs: number, timeoutMs: number) => {
    const cache = `open_file_cache max=100; open_file_cache_valid ${validMs / 1000}s; open_file_cache_errors on;`
    const nginx = await startNginx({http: cache, server: FLAG_SERVER})
    try {
      mkdirSync(join(nginx.folder, 'flags'))
      const rod = rodOf({
        driver: 'file',
        with: {path: join(nginx.folder, 'flags', 'maint.flag')},
        probe: {
          http: {
            url: `http://127.0.0.1:${nginx.port}/`,
            method: 'GET',
            headers: {},
            timeout: 5000,
            expect: {inserted: {status: 503, header: {'retry-after': '*'}}, withdrawn: {status: 200}},
          },
        },
        verify: {timeout: timeoutMs, every: 200, consecutive: 3},
      })
      const signal = new AbortController().signal
      const before = await observe(rod, signal, systemClock)
      expect(before.look?.position).toBe('withdrawn')
      const looks: string[] = []
      const onFact = ({fact, line}: Told) => fact === 'looked' && looks.push(line)
      const settled = await carryOut(rod, before, {to: 'inserted', why: 'acceptance 5', fence: 1}, {clock: systemClock, signal, onFact})
      return {...settled, looks}
    } finally {
      await nginx.close()
    }
  }

  requireTool('nginx')(
    'is verified when its five seconds are over',
    async () => {
      const {kind, data, looks} = await moved(5000, 30_000)
      expect(kind).toBe('rod.inserted')
      expect(data.targets[0]?.readBack?.position).toBe('inserted')
      expect(looks[0]).toContain('200') // written and read back, and users see nothing of it yet
      expect(looks.at(-1)).toContain('503')
    },
    60_000,
  )

  requireTool('nginx')(
    'is unverified after two seconds, whatever the file says',
    async () => {
      const {kind, data} = await moved(30_000, 2000)
      expect(kind).toBe('rod.unverified')
      expect(data.targets[0]?.readBack?.position).toBe('inserted')
      expect(data.effective?.position).toBe('withdrawn')
    },
    60_000,
  )
})

describe('a flag file on this machine', () => {
  it('is readable for everybody, empty, and alone in its folder', async () => {
    const driver = await driverOf()
    await driver.set('inserted', call())
    expect(readdirSync(folder)).toEqual(['maint.flag'])
    expect({mode: statSync(path).mode & 0o777, text: readFileSync(path, 'utf8')}).toEqual({mode: 0o644, text: ''})
    await driver.set('withdrawn', call())
    expect(readdirSync(folder)).toEqual([])
  })

  it('takes any name that is printable, literally', async () => {
    path = join(folder, `$(touch pwned) "it's"; *`)
    const driver = await driverOf()
    await driver.set('inserted', call())
    expect(readdirSync(folder)).toEqual([`$(touch pwned) "it's"; *`])
  })

  it('is neither made nor withdrawn where its folder is gone, and then nobody knows', async () => {
    path = join(folder, 'app', 'maint.flag')
    const driver = await driverOf()
    for (const to of ['inserted', 'withdrawn']) expect((await faultOf(driver.set(to, call()))).code).toBe('rod.refused')
    expect(await driver.read(call())).toMatchObject({position: 'unknown', evidence: expect.stringContaining('is not there')})
    expect(existsSync(join(folder, 'app'))).toBe(false)
    expect(await driver.advise?.(call())).toEqual([expect.stringContaining('never created')])
  })

  it.each(['target', 'nothing'])('is not written through a link to %s', async to => {
    writeFileSync(join(folder, 'target'), 'precious')
    symlinkSync(to, path)
    const driver = await driverOf({mode: 'content', content: {inserted: 'in', withdrawn: 'out'}})
    for (const position of ['inserted', 'withdrawn']) {
      expect(await faultOf(driver.set(position, call()))).toMatchObject({code: 'rod.refused', message: expect.stringContaining('symbolic link')})
    }
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('precious')
    expect(readlinkSync(path)).toBe(to)
    expect(readdirSync(folder).sort()).toEqual(['maint.flag', 'target'])
  })

  it('is no folder and no FIFO, and neither hangs', async () => {
    const made = [() => mkdirSync(path), () => spawnSync('mkfifo', [path])]
    for (const make of made) {
      make()
      for (const given of [{}, {mode: 'content', content: {inserted: 'in', withdrawn: 'out'}}]) {
        const driver = await driverOf(given)
        for (const to of ['inserted', 'withdrawn']) expect((await faultOf(driver.set(to, call()))).code).toBe('rod.refused')
        expect((await driver.read(call())).position).toBe('unknown')
      }
      rmSync(path, {recursive: true})
    }
  })

  it('that says something else, or too much, is unknown, and is not quoted', async () => {
    const driver = await driverOf({mode: 'content', content: {inserted: 'in\n'}})
    expect((await driver.read(call())).position).toBe('withdrawn')
    writeFileSync(path, ' in')
    expect((await driver.read(call())).position).toBe('inserted')
    for (const text of ['canary-3', '', 'in'.repeat(100_000)]) {
      writeFileSync(path, text)
      const {position, evidence} = await driver.read(call())
      expect(position).toBe('unknown')
      expect(evidence).not.toContain('canary-3')
    }
  })

  it('is gone where nothing stands for withdrawn, and said where something does', async () => {
    const absent = await driverOf({mode: 'content', content: {inserted: 'in'}})
    await absent.set('inserted', call())
    await absent.set('withdrawn', call())
    expect(existsSync(path)).toBe(false)
    const said = await driverOf({mode: 'content', content: {inserted: 'in', withdrawn: ''}})
    expect((await said.read(call())).position).toBe('unknown')
    await said.set('withdrawn', call())
    expect(readFileSync(path, 'utf8')).toBe('')
    expect((await said.read(call())).position).toBe('withdrawn')
  })

  const main = join(import.meta.dirname, 'file-main.ts')
  const node = {encoding: 'utf8', env: {...process.env, NODE_OPTIONS: ''}} as const

  requireTool('unshare')('is refused on a disk that is read-only', () => {
    const within = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
    const {stdout, stderr} = spawnSync('unshare', ['-Urm', 'sh', '-c', within, 'sh', folder, process.execPath, main, path], node)
    expect({stdout, stderr}).toEqual({stdout: `rod.refused ${path} could not be written (EROFS)\n`, stderr: ''})
  })

  requireTool('strace')('is on the disk, and its name, before anybody says so', () => {
    const watched = ['-f', '-qq', '-y', '-e', 'trace=fsync,rename,unlink,write']
    const trace = (to: string) => {
      const {stdout, stderr} = spawnSync('strace', [...watched, process.execPath, main, path, to], node)
      expect(stdout).toBe('done\n')
      const steps = stderr.split('\n').filter(line => line.includes(folder) || line.includes('"done'))
      return steps.map(line => /(?:\] )?(\w+)\(/.exec(line)?.[1])
    }
    expect(trace('inserted')).toEqual(['fsync', 'rename', 'fsync', 'write'])
    expect(trace('withdrawn')).toEqual(['unlink', 'fsync', 'write'])
  })
})

describe('a flag file behind a prefix', () => {
  it('that answers 1 to everything is no news of the file', async () => {
    const driver = await driverOf({through: await prefix('echo "This account is currently not available." >&2; exit 1')})
    expect(await driver.read(call())).toMatchObject({position: 'unknown', evidence: expect.stringContaining('not available')})
    expect(await faultOf(driver.set('inserted', call()))).toMatchObject({code: 'rod.refused', message: expect.stringContaining('was not touched')})
  })

  it('that answers 0 to everything contradicts itself', async () => {
    const driver = await driverOf({through: await prefix('exit 0')})
    expect((await driver.read(call())).position).toBe('unknown')
  })

  it.each([255, 124, 137])('that answers %i to the question sent nothing; to the move, nobody knows', async code => {
    const atOnce = await driverOf({through: await prefix(`echo "ssh: no route" >&2; exit ${code}`)})
    expect(await faultOf(atOnce.set('inserted', call()))).toMatchObject({code: 'rod.unreachable', message: expect.stringContaining('ssh: no route')})
    expect((await atOnce.read(call())).position).toBe('unknown')
    const later = await driverOf({through: await prefix(`[ "$1" = touch ] && exit ${code}; exec "$@"`)})
    expect((await faultOf(later.set('inserted', call()))).code).toBe('rod.unanswered')
  })

  it('that hangs at the question sent nothing', async () => {
    const driver = await driverOf({through: await prefix('exec sleep 60')})
    expect((await faultOf(driver.set('inserted', call(AbortSignal.timeout(200))))).code).toBe('rod.unreachable')
  })

  it('that is not there is refused, naming it', async () => {
    const driver = await driverOf({through: ['./no-such-ssh', 'web1']})
    expect(await faultOf(driver.set('inserted', call()))).toMatchObject({code: 'rod.refused', message: expect.stringContaining('./no-such-ssh web1')})
    expect((await driver.read(call())).position).toBe('unknown')
  })

  it.each(['presence', 'content'])('is not written through a link (%s)', async mode => {
    writeFileSync(join(folder, 'target'), 'precious')
    symlinkSync('target', path)
    const driver = await driverOf({mode, ...(mode === 'content' && {content: {inserted: 'in'}}), through: ['env']})
    for (const to of ['inserted', 'withdrawn']) expect((await faultOf(driver.set(to, call()))).code).toBe('rod.refused')
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('precious')
    expect(lstatSync(path).isSymbolicLink()).toBe(true)
  })

  it('leaves nothing beside it when the last word is a no', async () => {
    const through = await prefix('[ "$1" = mv ] && exit 1; exec "$@"')
    const driver = await driverOf({mode: 'content', content: {inserted: 'in'}, through})
    expect((await faultOf(driver.set('inserted', call()))).code).toBe('rod.refused')
    expect(readdirSync(folder)).toEqual(['prefix'])
  })

  it('gets the socket of the ssh agent, and nothing else that is not declared', async () => {
    const before = process.env['SSH_AUTH_SOCK']
    Object.assign(process.env, {SSH_AUTH_SOCK: '/run/agent.sock', LEAKED_CANARY: 'leak', SCRAM_CANARY: 'leak'})
    const driver = await driverOf({through: await prefix('env > "$(dirname "$0")/environment"; exec "$@"')})
    await driver.set('inserted', call())
    for (const name of ['LEAKED_CANARY', 'SCRAM_CANARY', ...(before === undefined ? ['SSH_AUTH_SOCK'] : [])]) delete process.env[name]
    if (before !== undefined) process.env['SSH_AUTH_SOCK'] = before
    const environment = readFileSync(join(folder, 'environment'), 'utf8')
    expect(environment).toContain('SSH_AUTH_SOCK=/run/agent.sock')
    expect(environment).not.toContain('leak')
  })

  it('says in its plan what would be run, text and all', async () => {
    const driver = await driverOf({mode: 'content', content: {inserted: 'in; rm -rf /'}, through: ['ssh', 'ops@web1']})
    const plan = driver.plan('inserted').join('\n')
    expect(plan).toContain('with "in; rm -rf /" on stdin')
    expect(plan).not.toMatch(/\[[^\]]*rm -rf/)
    expect(driver.reaches).toEqual([{command: 'ssh'}, {host: 'web1'}])
  })
})

describe('the options of a flag file', () => {
  const refusals: [Record<string, unknown>, string][] = [
    [{path: 'maint.flag'}, 'with.path: must be an absolute path, without control characters'],
    [{path: '/run/a\nb'}, 'with.path: must be an absolute path, without control characters'],
    [{path: '/run/a\0b'}, 'with.path: must be an absolute path, without control characters'],
    [{path: '/run/'}, 'with.path: must name a file, without `//`, `.` and `..`'],
    [{path: '/run/../etc/passwd'}, 'with.path: must name a file, without `//`, `.` and `..`'],
    [{path: `/${'x'.repeat(5000)}`}, 'with.path: Too big: expected string to have <=4096 characters'],
    [{mode: 'content'}, 'with: mode: content and content: {POSITION: TEXT} need each other'],
    [{content: {inserted: 'in'}}, 'with: mode: content and content: {POSITION: TEXT} need each other'],
    [{mode: 'content', content: {inserted: 'a', drain: 'b'}}, 'with.content.drain: "drain" is no position of this rod; it has withdrawn, inserted'],
    [{mode: 'content', content: {withdrawn: 'off'}}, 'with.content: has no text for inserted'],
    [{mode: 'content', content: {inserted: 'on', withdrawn: 'on\n'}}, 'with.content.inserted: withdrawn and inserted say the same: what is read back would be ambiguous'],
    [{mode: 'content', content: {inserted: 'a\0b'}}, 'with.content.inserted: must be without NUL'],
    [{mode: 'content', content: {inserted: 'ü'.repeat(40_000)}}, 'with.content.inserted: must be at most 65536 bytes'],
    [{through: ['ssh', 'web\n1']}, 'with.through.1: must be without control characters'],
  ] // biome-ignore format: a case a line

  it.each(refusals.map(([given, message]) => [message, given] as const))('are refused: %s', async (message, given) => {
    await expect(driverOf(given)).rejects.toMatchObject({code: 'config.invalid', message})
  })

  it.each([
    '/run/a b',
    '/run/$(id)',
    '/run/a;b',
    '/run/`id`',
    "/run/it's",
    '/run/*',
    '/run/~a',
    '/run/ä',
    '/run/a&b',
    '/run/a|b',
    '/run/{a,b}',
    '/run/a=b',
    '/run/!a',
  ])('a path that a shell would read, %s, goes through nothing', async hostile => {
    await expect(driverOf({path: hostile, through: ['ssh', 'web1']})).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringContaining('with.path'),
    })
  })

  it('three positions need a content', async () => {
    await expect(driverOf({}, ['withdrawn', 'drain', 'inserted'])).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringContaining('mode: content'),
    })
  })

  it('a share or a rate is nothing for a file', async () => {
    await expect(rodOf({driver: 'file', with: {path}, positions: {percent: {step: 25}}}).driver()).rejects.toMatchObject({code: 'config.invalid'})
  })
})

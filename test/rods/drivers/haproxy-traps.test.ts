import {chmod, mkdtemp, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises'
import {connect} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, afterEach, it as anywhere, beforeEach, describe, expect} from '@jest/globals'
import type {Driver} from '../../../src/rods/rod.ts'
import {type Haproxy, startHaproxy} from '../../servers/haproxy.ts'
import {type Impostor, startImpostor} from '../../servers/impostor.ts'
import {requireTool} from '../../servers/require-tool.ts'
import {rodOf} from '../open-driver.ts'
import {keepEdge, plainPort, statusOf, VALUES, writeMap} from './haproxy-bench.ts'

const it = requireTool('haproxy')
const edges = keepEdge()
const started: (Haproxy | Impostor)[] = []
let haproxy: Haproxy
let map: string
if (it === anywhere) {
  beforeEach(async () => {
    haproxy = await edges.take()
    map = `${haproxy.folder}/rods.map`
  })
}
afterEach(async () => {
  for (const other of started.splice(0)) await other.close()
})
afterAll(() => edges.close())

const signal = () => AbortSignal.timeout(10_000)
const call = (target = 'edge') => ({target, signal: signal(), why: 'why', fence: 1})
const NAMED = ['withdrawn', 'writes', 'inserted']
const driverOf = (options: Record<string, unknown>, positions: unknown = NAMED, socket = 'admin') =>
  rodOf({driver: 'haproxy', with: {sockets: {edge: `unix:${haproxy.folder}/${socket}.sock`}, ...options}, positions: positions as string[]}).driver()
const onMap = (more: Record<string, unknown> = {}, socket = 'oper') => driverOf({map, key: 'api', values: VALUES, ...more}, NAMED, socket)
const read = (driver: Driver, target = 'edge') => driver.read({target, signal: signal()})
const impostor = async (answer: (line: string) => string | null) => {
  const other = await startImpostor(join(haproxy.folder, 'odd.sock'), answer, join(haproxy.folder, 'admin.sock'))
  started.push(other)
  return other
}

describe('a map', () => {
  it('of which the key is gone: refused, never added, and never called withdrawn', async () => {
    const driver = await onMap()
    await haproxy.ask(`del map ${map} api`)
    await expect(driver.set('inserted', call())).rejects.toMatchObject({code: 'rod.refused', message: expect.stringContaining('entry not found.')})
    expect(await read(driver)).toMatchObject({position: 'unknown', evidence: expect.stringContaining('entry not found')})
    expect(await haproxy.ask(`show map ${map}`)).not.toContain(' api ')
  })

  it('with two entries of the key is refused before anything is sent', async () => {
    const driver = await onMap()
    await haproxy.ask(`add map ${map} api off`)
    await expect(driver.set('inserted', call())).rejects.toMatchObject({code: 'rod.refused', message: expect.stringContaining('duplicate entry')})
    expect(await haproxy.ask(`show map ${map}`)).not.toContain('api on')
    expect(await read(driver)).toMatchObject({position: 'unknown', evidence: expect.stringContaining('duplicate entry')})
  })

  it('that HAProxy does not know is refused', async () => {
    const driver = await driverOf({map: '/no/such.map', key: 'api', values: VALUES})
    await expect(driver.set('inserted', call())).rejects.toMatchObject({code: 'rod.refused', message: expect.stringContaining('Unknown map identifier')})
    expect((await read(driver)).position).toBe('unknown')
  })

  it('is matched by the whole key, whatever the traffic matches', async () => {
    const driver = await driverOf({map, key: 'a', values: VALUES})
    expect((await read(driver)).position).toBe('unknown')
  })

  it('with a value of somebody else reads unknown, and the value is not shown', async () => {
    await haproxy.ask(`set map ${map} api canary-value`)
    const {position, evidence} = await read(await onMap())
    expect([position, evidence.includes('canary')]).toEqual(['unknown', false])
  })

  it('tells a reload by its version, and that the position is lost', async () => {
    const driver = await onMap()
    await driver.set('inserted', call())
    const before = await read(driver)
    expect(before).toMatchObject({position: 'inserted', version: await haproxy.pid()})
    await haproxy.ask(`set map ${map} api off`)
    await haproxy.ask(`set map ${map} api on`)
    expect((await read(driver)).version).toBe(before.version)
    await haproxy.reload()
    expect(await read(driver)).toMatchObject({position: 'withdrawn', version: await haproxy.pid()})
    expect((await read(driver)).version).not.toBe(before.version)
    expect(await statusOf(haproxy.port)).toBe(200)
  })

  it('takes a share that nobody listed, and refuses what is none', async () => {
    const driver = await driverOf({map, key: 'share'}, {percent: {step: 50}}, 'oper')
    expect(driver.can.percent).toBe(true)
    await driver.set('7%', call())
    expect(await haproxy.ask(`show map ${map}`)).toContain(' share 7\n')
    expect((await read(driver)).position).toBe('7%')
    for (const nonsense of ['150', '007', 'on', '-1', '7.5']) {
      await haproxy.ask(`set map ${map} share ${nonsense}`)
      expect([nonsense, (await read(driver)).position]).toEqual([nonsense, 'unknown'])
    }
  })

  it('holds a rate, with a value of its own for no limit', async () => {
    const driver = await driverOf({map, key: 'share', values: {none: 'no-limit'}}, {rate: [0, 10, 'none']}, 'oper')
    await driver.set('0/s', call())
    expect((await read(driver)).position).toBe('0/s')
    await driver.set('withdrawn', call())
    expect(await haproxy.ask(`show map ${map}`)).toContain(' share no-limit\n')
    expect((await read(driver)).position).toBe('withdrawn')
  })
})

describe('persist', () => {
  const file = () => readFile(map, 'utf8')

  it('changes one value in the file and nothing else, and a reload keeps the position', async () => {
    const driver = await onMap({persist: true})
    expect(driver.can.survivesRestart).toBe(true)
    const before = await file()
    const {mode, uid, gid} = await stat(map)
    await chmod(map, 0o640)
    expect(await driver.set('inserted', call())).toContain('says so too')
    expect(await file()).toBe(before.replace('api off', 'api on'))
    expect(await stat(map)).toMatchObject({mode: (mode & ~0o777) | 0o640, uid, gid})
    await haproxy.reload()
    expect((await read(driver)).position).toBe('inserted')
    expect(await statusOf(haproxy.port)).toBe(503)
    const share = await driverOf({map, key: 'share', persist: true}, {percent: {step: 25}})
    await share.set('25%', call())
    expect(await file()).toBe(before.replace('api off', 'api on').replace('share   0  ', 'share   25  '))
  })

  it('writes through a link', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'map-'))
    await writeFile(join(folder, 'real'), 'api off\n')
    await symlink('real', join(folder, 'rods.map'))
    const path = join(folder, 'rods.map')
    const fake = await impostor(line => (line.startsWith('show info') ? 'Pid: 7\n\n0x1 api on\n\n' : '\n'))
    const sockets = {edge: `unix:${fake.path}`}
    const driver = await rodOf({driver: 'haproxy', positions: NAMED, with: {sockets, map: path, key: 'api', values: VALUES, persist: true}}).driver()
    await driver.set('inserted', call())
    expect([await readFile(join(folder, 'real'), 'utf8'), await readFile(path, 'utf8')]).toEqual(['api on\n', 'api on\n'])
    await rm(folder, {recursive: true})
  })

  it.each([
    ['has no such key', 'other on\n', 'no entry api'],
    ['has it twice', 'api off\napi off\n', 'duplicate entry'],
    ['has it in a comment only', '#api off\n', 'no entry api'],
  ])('of a file that %s: it moves, and says that a reload undoes it', async (_, text, reason) => {
    const driver = await onMap({persist: true})
    await writeMap(haproxy, text)
    await expect(driver.set('inserted', call())).rejects.toMatchObject({code: 'rod.unanswered', message: expect.stringContaining(reason)})
    expect(await read(driver)).toMatchObject({position: 'inserted', evidence: expect.stringContaining('a reload of HAProxy moves this rod')})
    expect(await file()).toBe(text)
  })

  it('leaves file and HAProxy equal, however many move it at once', async () => {
    const driver = await onMap({persist: true})
    for (let round = 0; round < 5; round++) {
      await Promise.allSettled(['inserted', 'withdrawn', 'writes', 'inserted', 'withdrawn'].map(to => driver.set(to, call())))
      const {position, evidence} = await read(driver)
      expect(evidence).not.toContain('moves this rod')
      expect(await file()).toContain(`api ${VALUES[position as keyof typeof VALUES]}\n`)
    }
  })

  it('follows whoever moved it in between: the file says what HAProxy has', async () => {
    const fake = await impostor(line => (line.startsWith('show info') ? 'Pid: 7\n\n0x1 api writes\n\n' : '\n'))
    const sockets = {edge: `unix:${fake.path}`}
    const driver = await rodOf({driver: 'haproxy', positions: NAMED, with: {sockets, map, key: 'api', values: VALUES, persist: true}}).driver()
    await driver.set('inserted', call())
    expect(await file()).toContain('api writes\n')
  })

  it('does not take what a new process read from the old file for a wish', async () => {
    let pid = 1
    const fake = await impostor(line => (line.startsWith('show info') ? `Pid: ${pid++}\n\n0x1 api off\n\n` : '\n'))
    const sockets = {edge: `unix:${fake.path}`}
    const driver = await rodOf({driver: 'haproxy', positions: NAMED, with: {sockets, map, key: 'api', values: VALUES, persist: true}}).driver()
    await expect(driver.set('inserted', call())).rejects.toMatchObject({
      code: 'rod.unanswered',
      message: expect.stringContaining('reloaded at the same moment'),
    })
    expect(await file()).toContain('api on\n')
  })

  it('is for local sockets: with another beside it the rod does not survive everywhere, and alone it is refused', async () => {
    const local = `unix:${haproxy.folder}/oper.sock`
    const both = await onMap({persist: true, sockets: {edge: local, far: `tcp:127.0.0.1:${haproxy.cliPort}`}})
    expect(both.can.survivesRestart).toBe(false)
    expect(both.plan('inserted')).toEqual([
      `edge (${local}): set map ${map} api on`,
      `edge: then the same value for api in the file ${map}`,
      `far (tcp:127.0.0.1:${haproxy.cliPort}): set map ${map} api on`,
    ])
    await expect(onMap({persist: true, sockets: {far: 'tcp:127.0.0.1:1'}})).rejects.toMatchObject({code: 'config.invalid'})
  })
})

describe('a server', () => {
  const states = ['withdrawn', 'drain', 'maint']

  it('that is in maintenance by configuration reads so, one that only follows another does not', async () => {
    const other = await startHaproxy({
      config: () => `  maxconn 50
defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
frontend f
  bind fd@3
  default_backend app
backend app
  server a 127.0.0.1:1 check
  server off 127.0.0.1:1 disabled
  server follows 127.0.0.1:1 track app/a
`,
    })
    started.push(other)
    const on = (server: string) => driverOf({sockets: {edge: `unix:${other.folder}/admin.sock`}, server: `app/${server}`}, states)
    const off = await on('off')
    expect((await read(off)).position).toBe('maint')
    await off.set('withdrawn', call())
    expect(await read(off)).toMatchObject({position: 'withdrawn', evidence: expect.stringContaining('admin state 4')})
    await (await on('a')).set('maint', call())
    expect(await read(await on('follows'))).toMatchObject({position: 'unknown', evidence: expect.stringContaining('admin state 2: out of service')})
  })

  it.each([
    ['app/nobody', 'No such server.'],
    ['nowhere/a', 'No such backend.'],
  ])('that is not there (%s) is refused', async (server, text) => {
    const driver = await driverOf({server}, states)
    await expect(driver.set('drain', call())).rejects.toMatchObject({code: 'rod.refused', message: expect.stringContaining(text)})
    expect((await read(driver)).position).toBe('unknown')
  })

  it('on a socket of level operator is refused, saying what it needs', async () => {
    const driver = await driverOf({server: 'app/a'}, states, 'oper')
    await expect(driver.set('drain', call())).rejects.toMatchObject({
      code: 'rod.refused',
      message: expect.stringContaining('Permission denied (this needs a socket of level admin)'),
    })
    expect((await read(driver)).position).toBe('withdrawn')
  })

  it('has absolute weights, and one in drain has none of them', async () => {
    const driver = await driverOf({server: 'app/a', values: {withdrawn: 1, inserted: 0}}, ['withdrawn', 'inserted'])
    await driver.set('inserted', call())
    expect((await read(driver)).position).toBe('inserted')
    await haproxy.ask('set server app/a weight 7')
    expect((await read(driver)).position).toBe('unknown')
    await haproxy.ask('set server app/a weight 1')
    await haproxy.ask('set server app/a state drain')
    expect((await read(driver)).position).toBe('unknown')
  })

  it('is read by the names of the columns, wherever they stand', async () => {
    const fake = await impostor(() => 'Pid: 9\n\n1\n# srv_admin_state x srv_name\n8 0 a\n\n')
    const driver = await driverOf({sockets: {edge: `unix:${fake.path}`}, server: 'app/a'}, states)
    expect((await read(driver)).position).toBe('drain')
  })

  it.each([
    [1, 'maint'],
    [5, 'maint'],
    [9, 'maint'],
    [2, 'unknown'],
    [16, 'unknown'],
    [32, 'unknown'],
    [8 | 16, 'unknown'],
    [4, 'withdrawn'],
    [0, 'withdrawn'],
    ['x', 'unknown'],
  ])('with admin state %s reads %s', async (bits, position) => {
    const fake = await impostor(() => `Pid: 9\n\n1\n# srv_name srv_admin_state\na ${bits}\n\n`)
    const driver = await driverOf({sockets: {edge: `unix:${fake.path}`}, server: 'app/a'}, states)
    expect((await read(driver)).position).toBe(position)
  })
})

describe('a frontend', () => {
  it('that does what it shall already is acknowledged', async () => {
    const driver = await driverOf({frontend: 'plain'}, ['withdrawn', 'inserted'])
    expect(await driver.set('inserted', call())).toMatch(/: acknowledged$/)
    expect(await driver.set('inserted', call())).toMatch(/: it was so already$/)
    expect(await statusOf(await plainPort(haproxy))).toBe(0)
    await driver.set('withdrawn', call())
    expect(await driver.set('withdrawn', call())).toMatch(/: it was so already$/)
  })

  it('that is not there is refused', async () => {
    const driver = await driverOf({frontend: 'nowhere'}, ['withdrawn', 'inserted'])
    await expect(driver.set('inserted', call())).rejects.toMatchObject({code: 'rod.refused', message: expect.stringContaining('No such frontend.')})
  })

  it('with a maxconn serves so many connections, and one that is stopped has no position', async () => {
    const driver = await driverOf({frontend: 'plain', values: {withdrawn: 200, one: 1}}, ['withdrawn', 'one'])
    const port = await plainPort(haproxy)
    await driver.set('one', call())
    expect((await read(driver)).position).toBe('one')
    const holding = connect(port, '127.0.0.1')
    await new Promise(resolve => holding.once('connect', resolve))
    holding.write('GET / HTTP/1.1\r\n')
    const waiting = statusOf(port).catch(() => -1)
    expect(await Promise.race([waiting, new Promise(resolve => setTimeout(() => resolve('waits'), 300))])).toBe('waits')
    await expect(driver.set('withdrawn', call())).rejects.toMatchObject({code: 'rod.refused', message: expect.stringContaining('plain is full (1 of 1)')})
    holding.destroy()
    expect(await waiting).toBe(200)
    while (!/^plain,FRONTEND,[^,]*,[^,]*,0,/m.test(await haproxy.ask('show stat plain 1 -1'))) await new Promise(resolve => setTimeout(resolve, 20))
    await driver.set('withdrawn', call())
    expect((await read(driver)).position).toBe('withdrawn')
    await haproxy.ask('disable frontend plain')
    expect((await read(driver)).position).toBe('unknown')
  })
})

describe('a full frontend', () => {
  it.each([
    ['2.6.12-1+deb12u4', 'rod.refused'],
    ['2.8.3', 'rod.refused'],
    ['3.0.99', 'rod.refused'],
    ['', 'rod.refused'],
    ['3.1.0', 'taken'],
    ['4.0', 'taken'],
  ])('of HAProxy %j asked for more room: %s', async (release, end) => {
    const stat = '# svname,scur,slim,status\nFRONTEND,10,10,OPEN\n\n'
    const fake = await impostor(line => (line.startsWith('show ') ? `Version: ${release}\nPid: 7\n\n${stat}` : '\n'))
    const sockets = {edge: `unix:${fake.path}`}
    const driver = await driverOf({sockets, frontend: 'plain', values: {withdrawn: 200, ten: 10, one: 1}}, ['withdrawn', 'ten', 'one'])
    const ended = driver.set('withdrawn', call()).then(
      () => 'taken',
      error => error.code,
    )
    expect(await ended).toBe(end)
    for (const to of ['ten', 'one']) expect(await driver.set(to, call())).toContain('acknowledged')
  })
})

describe('an answer', () => {
  const odd = async (text: string) => {
    const fake = await impostor(line => (line.startsWith('show ') ? null : text))
    return onMap({sockets: {edge: `unix:${fake.path}`}})
  }

  it.each([
    ['nothing at all', '', 'rod.unanswered'],
    ['cut off', 'entry not fou', 'rod.unanswered'],
    ['of a web server', 'HTTP/1.1 400 Bad request\n', 'rod.unanswered'],
    ['meant for a terminal', '\u001b[2Jall is well\n', 'rod.unanswered'],
    ['10 kB long', `${'x'.repeat(10_000)}\n`, 'rod.unanswered'],
    ['endless', 'x'.repeat(2_000_000), 'rod.unanswered'],
    ['a list of commands', 'Unknown command, but maybe one of the following ones is a better match:\n  help\n\n', 'rod.refused'],
  ])('to a set that is %s', async (_, text, code) => {
    const driver = await odd(text)
    await expect(driver.set('inserted', call())).rejects.toMatchObject({code})
  })

  it.each([
    ['without the map', 'Pid: 7\n\n'],
    ['cut off', 'Pid: 7\n\n0x1 api o'],
    ['of no process', '0x1 api on\n\n'],
    ['nothing at all', ''],
    ['a web page', 'Pid: 7\n\n<h1>api on</h1>\n\n'],
    ['2 MB long', `Pid: 7\n\n0x1 api on\n${'0x1 other on\n'.repeat(160_000)}\n`],
  ])('to a read that is %s is unknown', async (_, text) => {
    const fake = await impostor(() => text)
    expect((await read(await onMap({sockets: {edge: `unix:${fake.path}`}}))).position).toBe('unknown')
  })

  it('that is a refusal is shown on one line, and cut', async () => {
    const driver = await odd(`${'no '.repeat(300)}\nsecond line\n`)
    const error: Error = await driver.set('inserted', call()).then(
      () => new Error('it was taken'),
      error => error,
    )
    expect(error.message.length).toBeLessThan(400)
    expect(error.message).not.toContain('second')
  })
})

describe('a socket', () => {
  it('that this user may not open is a refusal', async () => {
    const driver = await onMap()
    const closed = join(haproxy.folder, 'oper.sock')
    await chmod(closed, 0)
    // Root may open anything: be somebody else for the moment of the call. Not the owner, who runs HAProxy.
    const isRoot = process.geteuid?.() === 0
    if (isRoot) process.seteuid?.(65_533)
    const setting = driver.set('inserted', call()).catch(error => error)
    const seen = await setting.finally(() => isRoot && process.seteuid?.(0))
    await chmod(closed, 0o600)
    expect(seen).toMatchObject({code: 'rod.refused', message: expect.stringContaining('EACCES')})
  })

  it('is asked for the position of the target it belongs to', async () => {
    const driver = await onMap()
    await expect(driver.set('inserted', call('elsewhere'))).rejects.toMatchObject({code: 'rod.refused'})
    expect((await read(driver, 'elsewhere')).position).toBe('unknown')
  })
})

describe('advice', () => {
  const advice = async (driver: Driver) => (await driver.advise?.(call()))?.join('\n') ?? ''

  it('says where a reload loses the position, and what to do about it', async () => {
    expect(await advice(await onMap())).toMatch(/a reload or restart of HAProxy reads .*\n.*persist: true/)
    expect(await advice(await onMap({persist: true}))).toBe('')
    expect(await advice(await onMap({sockets: {edge: `tcp:127.0.0.1:${haproxy.cliPort}`}}))).toMatch(/reload(.*\n)+.*no password/)
    expect(await advice(await driverOf({server: 'app/a'}, ['withdrawn', 'drain']))).toContain('server-state-file')
    expect(await advice(await driverOf({frontend: 'plain'}, ['withdrawn', 'inserted']))).toContain('listens again')
  })

  it('says which level the socket has and which it needs', async () => {
    expect(await advice(await onMap({}, 'admin'))).toContain('level operator is enough')
    expect(await advice(await driverOf({server: 'app/a'}, ['withdrawn', 'drain'], 'oper'))).toContain('every move will be refused')
  })

  it('says what is wrong with the map, the file or the socket', async () => {
    expect(await advice(await driverOf({map, key: 'nobody', values: VALUES}))).toContain('entry not found')
    await writeMap(haproxy, 'api writes\n')
    expect(await advice(await onMap({persist: true}))).toContain('has another value')
    expect(await advice(await onMap({sockets: {edge: 'unix:/nowhere.sock'}}))).toContain('ENOENT')
  })
})

describe('options that cannot be right', () => {
  const sockets = {edge: 'unix:/run/h.sock'}
  const entry = {map: '/etc/rods.map', key: 'api'}
  const refuse = (options: Record<string, unknown>, positions: unknown = ['withdrawn', 'inserted']) =>
    rodOf({driver: 'haproxy', with: {sockets, ...options}, positions: positions as string[]})
      .driver()
      .then(
        () => 'taken',
        error => `${error.code} ${error.message}`,
      )

  anywhere.each(['api off', 'api;disable', 'api\\', 'api\nquit', 'api\r', 'api\0', '"api"', '$(x)', '', 'x'.repeat(129), 'ä'])(
    'the word %j anywhere in a line',
    async word => {
      for (const options of [
        {map: word, key: 'api'},
        {...entry, key: word},
        {...entry, values: {inserted: word}},
      ]) {
        expect(await refuse(options)).toMatch(/^config\.invalid with\.(?:map|key|values)/)
      }
      expect(await refuse({server: `app/${word}`})).toMatch(/^config\.invalid with\.server/)
      expect(await refuse({frontend: word})).toMatch(/^config\.invalid with\.frontend/)
    },
  )

  anywhere.each([
    'unix:relative', 'unix:', `unix:/${'x'.repeat(107)}`, 'unix:/a\nb', 'tcp:host', 'tcp:host:0', 'tcp:host:65536', 'tcp:ho st:1', 'tcp::1:99', 'http://x', '/run/h.sock', 'env:SOCKET',
  ])('the socket %j', async socket => {
    expect(await refuse({...entry, sockets: {edge: socket}})).toMatch(/^config\.invalid with\.sockets/)
  }) // biome-ignore format: a list

  anywhere.each([
    [{}, /needs one of map, server, frontend/],
    [{...entry, frontend: 'f'}, /needs one of map, server, frontend/],
    [{map: '/x'}, /map and key go together/],
    [{frontend: 'f', key: 'x'}, /map and key go together/],
    [{frontend: 'f', persist: true}, /persist needs a map/],
    [{map: 'rods.map', key: 'x', persist: true}, /absolute path/],
    [{...entry, sockets: {}}, /1 to 32 sockets/],
    [{...entry, sockets: {'a b': 'unix:/x'}}, /with\.sockets/],
    [{...entry, values: {withdrawn: 'off', inserted: 'off'}}, /ambiguous/],
    [{...entry, values: {sideways: 'x'}}, /no position of this rod/],
    [{...entry, values: {withdrawn: 1, inserted: '1'}}, /ambiguous/],
    [{server: 'a'}, /BACKEND\/SERVER/],
    [{server: 'app/a'}, /ready|withdrawn, drain, maint, not inserted/],
    [{server: 'app/a', values: {withdrawn: 1}}, /weight, a whole number from 0 to 256/],
    [{server: 'app/a', values: {withdrawn: 1, inserted: 300}}, /weight/],
    [{server: 'app/a', values: {withdrawn: 1, inserted: '0%'}}, /with\.values/],
    [{frontend: 'f', values: {withdrawn: 100, inserted: 0}}, /maxconn, a whole number from 1/],
  ])('%j', async (options, message) => {
    expect(await refuse(options)).toMatch(message)
  })

  anywhere('positions that it cannot have', async () => {
    expect(await refuse({frontend: 'f'}, ['withdrawn', 'half', 'inserted'])).toContain('two positions')
    expect(await refuse({frontend: 'f'}, {percent: {step: 50}})).toContain('use map and key')
    expect(await refuse({server: 'app/a'}, {rate: [0, 'none']})).toContain('use map and key')
    expect(await refuse(entry, {rate: [0, 'none']})).toContain('no limit')
  })
})

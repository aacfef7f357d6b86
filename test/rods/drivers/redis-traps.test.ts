import {setTimeout as nap} from 'node:timers/promises'
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from '@jest/globals'
import {Fault} from '../../../src/lib/fault.ts'
import type {Driver} from '../../../src/rods/rod.ts'
import {type RedisServer, startRedis} from '../../servers/redis.ts'
import {type Gate, startGate} from '../../servers/redis-gate.ts'
import {requireTool} from '../../servers/require-tool.ts'
import {rodOf} from '../open-driver.ts'

const inPlace = requireTool('redis-server') === it ? describe : describe.skip
/** Bounded, whatever jest does with a test that takes too long. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > 2000) throw new Error('it never came to that')
    await nap(10)
  }
}

const call = (more = {}) => ({target: '', why: 'why', fence: 1, signal: AbortSignal.timeout(15_000), ...more})

interface Opened {
  readonly positions?: string[]
  readonly secrets?: Record<string, string>
}

inPlace('the redis driver on a real Redis', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    await server.cli('FLUSHALL')
  })

  const driverOf = (given: Record<string, unknown> = {}, {positions = ['withdrawn', 'inserted'], secrets = {}}: Opened = {}): Promise<Driver> =>
    rodOf(
      {driver: 'redis', positions, with: {url: `unix:${server.socket}`, password: 'env:PW', key: 'rod', ...given}},
      {secrets: {'env:PW': server.password, ...secrets}},
    ).driver()
  const refusal = (work: Promise<unknown>): Promise<{code: string; message: string}> =>
    work.then(
      done => {
        throw new Error(`not refused: ${done}`)
      },
      (error: unknown) => {
        if (!(error instanceof Fault)) throw error
        return {code: error.code, message: error.message}
      },
    )

  it('tells which server answered: a failover shows although the position reads right', async () => {
    const driver = await driverOf()
    const runId = /run_id:(\w{12})/.exec(await server.cli('INFO', 'server'))?.[1]
    expect(await driver.set('inserted', call())).toBe(`unix:${server.socket} SET, fence 1; master ${runId}`)
    expect(await driver.read(call())).toEqual({
      position: 'inserted',
      version: '1 inserted',
      instance: runId,
      evidence: `unix:${server.socket} "rod" is "inserted", fence 1; master ${runId}`,
    })
    expect(driver.reaches).toEqual([{path: server.socket}])
  })

  it('a flush withdraws the rod, and a writer who did not see it is stopped', async () => {
    const driver = await driverOf()
    await driver.set('inserted', call())
    const {version} = await driver.read(call())
    await server.cli('FLUSHALL')
    expect(await driver.read(call())).toMatchObject({position: 'withdrawn', version: '0 (absent)', evidence: expect.stringContaining('is absent')})
    expect(await refusal(driver.set('withdrawn', call({expect: version})))).toMatchObject({code: 'rod.moved'})
  })

  it('a key that a person set by hand counts as moved, although no fence counted it', async () => {
    const driver = await driverOf()
    const {version} = await driver.read(call())
    await server.cli('SET', 'rod', 'inserted')
    expect(await refusal(driver.set('withdrawn', call({expect: version})))).toMatchObject({code: 'rod.moved'})
    expect(await server.cli('GET', 'rod')).toBe('inserted')
  })

  it('a later set without a time to live takes the earlier one away', async () => {
    const driver = await driverOf()
    await driver.set('inserted', call({ttlMs: 60_000}))
    expect(Number(await server.cli('PTTL', 'rod'))).toBeGreaterThan(1000)
    await driver.set('inserted', call())
    expect(await server.cli('PTTL', 'rod')).toBe('-1')
  })

  it('a member of a set cannot expire, and says so before anything is sent', async () => {
    const driver = await driverOf({key: undefined, set: 'paused', member: 'mailers'})
    expect(driver.can.ttl).toBe(false)
    expect(await refusal(driver.set('inserted', call({ttlMs: 1000})))).toMatchObject({code: 'rod.refused'})
    expect(await server.cli('SISMEMBER', 'paused', 'mailers')).toBe('0')
  })

  it('two members of one set do not get in each other’s way', async () => {
    const [mailers, billing] = await Promise.all(['mailers', 'billing'].map(member => driverOf({key: undefined, set: 'paused', member})))
    const before = await billing?.read(call())
    await mailers?.set('inserted', call())
    await billing?.set('inserted', call({expect: before?.version}))
    expect((await server.cli('SMEMBERS', 'paused')).split('\n').sort()).toEqual(['billing', 'mailers'])
  })

  it.each([
    ['rod', '{rod}:fence'],
    ['{api}:rod', '{api}:rod:fence'],
  ])('the fence of %s is %s: the same slot of a cluster', async (key, fence) => {
    await (await driverOf({key})).set('inserted', call())
    expect(await server.cli('GET', fence)).toBe('1')
  })

  describe('values', () => {
    it.each([
      ['another value', ['SET', 'rod', 'canary-value'], 'is another value'],
      ['a value longer than anyone would write', ['SETRANGE', 'rod', '100000', 'x'], 'longer than 65536 bytes'],
      ['a list', ['RPUSH', 'rod', 'x'], 'of another kind'],
      ['the word withdrawn, which nobody agreed upon', ['SET', 'rod', 'withdrawn'], 'is another value'],
    ])('%s reads unknown, and the evidence holds nothing of it', async (_, words, said) => {
      await server.cli(...words)
      const {position, evidence} = await (await driverOf()).read(call())
      expect(position).toBe('unknown')
      expect(evidence).toContain(said)
      expect(evidence).not.toContain('canary')
    })

    it('a rate without a value for "no limit" is no key', async () => {
      const driver = await driverOf({}, {positions: ['withdrawn', '10/s', '0/s']})
      await driver.set('10/s', call())
      expect(await server.cli('GET', 'rod')).toBe('10')
      await driver.set('0/s', call())
      expect((await driver.read(call())).position).toBe('0/s')
      await driver.set('withdrawn', call())
      expect(await server.cli('EXISTS', 'rod')).toBe('0')
    })

    it.each([
      [{key: undefined}, /either key, or set and member/],
      [{set: 's', member: 'm'}, /either key, or set and member/],
      [{key: undefined, set: 's'}, /belong together/],
      [{key: undefined, set: 's', member: 'm', values: {inserted: 1}}, /has no values/],
      [{fence_key: 'rod'}, /a key of its own/],
      [{values: {inserted: 1, withdrawn: '1'}}, /both 1/],
      [{values: {sideways: 1}}, /no position of this rod/],
      [{key: 'a\r\nFLUSHALL'}, /control character/],
      [{key: 'x'.repeat(10_000)}, /with\.key/],
      [{password: 'canary'}, /with\.password: must be a reference/],
      [{url: 'redis://:canary@localhost'}, /without user and password/],
      [{url: 'redis://localhost/0?ssl=none'}, /with\.url/],
      [{url: 'http://localhost'}, /with\.url/],
      [{url: 'env:WRONG'}, /env:WRONG does not hold/],
    ])('refuses %j', async (given, message) => {
      const opened = refusal(driverOf(given, {secrets: {'env:WRONG': 'http://canary@x'}}))
      expect(await opened).toMatchObject({code: 'config.invalid', message: expect.stringMatching(message)})
      expect((await opened).message).not.toContain('canary')
    })

    it('a member of a set has two positions', async () => {
      const opened = driverOf({key: undefined, set: 's', member: 'm'}, {positions: ['withdrawn', 'drain', 'inserted']})
      expect(await refusal(opened)).toMatchObject({code: 'config.invalid', message: expect.stringContaining('two named positions')})
    })
  })

  describe('who may do what', () => {
    const setBy = async (given: Record<string, unknown>, secrets = {}) => refusal((await driverOf(given, {secrets})).set('inserted', call()))

    it('no password: NOAUTH', async () => {
      expect(await setBy({password: undefined})).toEqual({code: 'rod.refused', message: `unix:${server.socket}: NOAUTH: it wants a password`})
    })

    it('a wrong one: WRONGPASS, and it is not repeated', async () => {
      const {code, message} = await setBy({password: 'env:OTHER'}, {'env:OTHER': 'canary-other'})
      expect(code).toBe('rod.refused')
      expect(message).toContain('WRONGPASS')
      expect(message).not.toContain('canary')
    })

    it('a database that is not there: nothing is written to another one', async () => {
      expect(await setBy({url: `unix:${server.socket}?db=99`})).toMatchObject({code: 'rod.refused', message: expect.stringContaining('out of range')})
      expect(await server.cli('DBSIZE')).toBe('0')
    })

    it('another database', async () => {
      await (await driverOf({url: `unix:${server.socket}?db=3`})).set('inserted', call())
      expect(await server.cli('GET', 'rod')).toBe('')
      expect(await server.cli('INFO', 'keyspace')).toContain('db3:keys=2')
    })

    it('a user who may not run scripts is refused; one who may not ask INFO is served', async () => {
      await server.cli('ACL', 'SETUSER', 'reader', 'on', '>canary-r', '~*', '+get')
      await server.cli('ACL', 'SETUSER', 'mover', 'on', '>canary-m', '~*', '+eval', '+get', '+set', '+del', '+incr')
      const secrets = {'env:R': 'canary-r', 'env:M': 'canary-m'}
      expect(await setBy({username: 'reader', password: 'env:R'}, secrets)).toMatchObject({code: 'rod.refused', message: expect.stringContaining('NOPERM')})
      const mover = await driverOf({username: 'mover', password: 'env:M'}, {secrets})
      expect(await mover.set('inserted', call())).toContain('which server is not told (NOPERM)')
      expect(await mover.read(call())).toMatchObject({position: 'inserted', evidence: expect.stringContaining('which server is not told (NOPERM)')})
      await server.cli('ACL', 'SETUSER', 'pauser', 'on', '>canary-p', '~*', '+eval', '+get', '+incr', '+sismember', '+sadd', '+srem')
      const pauser = await driverOf({username: 'pauser', password: 'env:P', key: undefined, set: 's', member: 'm'}, {secrets: {'env:P': 'canary-p'}})
      for (const position of ['inserted', 'withdrawn']) {
        await pauser.set(position, call())
        expect((await pauser.read(call())).position).toBe(position)
      }
    })
  })

  describe('a Redis that does not take commands now', () => {
    const outcome = async () => {
      const driver = await driverOf()
      const {position, evidence} = await driver.read(call())
      return {...(await refusal(driver.set('inserted', call()))), position, evidence}
    }

    it('BUSY with a script: unreachable, and unknown', async () => {
      await server.cli('CONFIG', 'SET', 'busy-reply-threshold', '1')
      const spinning = server.cliWith(server.password, 'EVAL', 'while true do end', '0').catch(() => 'killed')
      await until(async () => (await server.cliWith(server.password, 'PING').catch(String)).includes('BUSY'))
      const seen = await outcome()
      await server.cliWith(server.password, 'SCRIPT', 'KILL')
      expect(await spinning).toBe('killed')
      expect(seen).toMatchObject({code: 'rod.unreachable', position: 'unknown', message: expect.stringContaining('BUSY: a script keeps it busy')})
    })

    it('LOADING after a restart: unreachable, and unknown instead of withdrawn', async () => {
      const saving = ['save "3600 1"', 'enable-debug-command yes']
      await server.restart({lines: saving})
      await server.cli('DEBUG', 'POPULATE', '3000')
      await server.cli('SET', 'rod', 'inserted')
      await server.cli('SAVE')
      // Ten seconds of loading, during which it looks up every few hundred bytes.
      await server.restart({lines: [...saving, 'key-load-delay 3000', 'loading-process-events-interval-bytes 1024'], isReady: false})
      await until(async () => (await server.cliWith(server.password, 'PING').catch(String)).includes('LOADING'))
      const seen = await outcome()
      await server.restart()
      expect(seen).toMatchObject({code: 'rod.unreachable', position: 'unknown', message: expect.stringContaining('LOADING: it is still loading')})
      expect(seen.evidence).toContain('LOADING')
    })

    it('full: an insertion is refused, a withdrawal is not', async () => {
      const driver = await driverOf()
      await driver.set('inserted', call())
      await server.cli('CONFIG', 'SET', 'maxmemory', '1')
      const full = await refusal(driver.set('inserted', call()))
      const detail = await driver.set('withdrawn', call())
      await server.cli('CONFIG', 'SET', 'maxmemory', '0')
      expect(full).toMatchObject({code: 'rod.refused', message: expect.stringContaining('OOM')})
      expect(detail).toContain('DEL, fence 2')
    })
  })

  describe('what a person should know beforehand', () => {
    const advice = async () => ((await (await driverOf()).advise?.(call())) ?? []).join('\n')

    it('absence, no persistence', async () => {
      const said = await advice()
      expect(said).toContain('absent means withdrawn')
      expect(said).toContain('persistence is off')
      expect(said).not.toContain('maxmemory-policy')
    })

    it('eviction, snapshots only', async () => {
      await server.cli('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
      await server.cli('CONFIG', 'SET', 'save', '3600 1')
      const said = await advice()
      await server.cli('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
      await server.cli('CONFIG', 'SET', 'save', '')
      expect(said).toContain('maxmemory-policy is allkeys-lru, not noeviction')
      expect(said).toContain('snapshots only')
    })

    it('with an append-only file it survives a restart, and nothing is said about it', async () => {
      await server.restart({lines: ['appendonly yes', 'appendfsync always']})
      const driver = await driverOf()
      await driver.set('inserted', call())
      const said = await advice()
      await server.restart({lines: ['appendonly yes', 'appendfsync always']})
      expect(await driver.read(call())).toMatchObject({position: 'inserted', version: '1 inserted'})
      await server.restart()
      expect(said).not.toMatch(/persistence|snapshots/)
    })

    it('a server that does not answer', async () => {
      const driver = await driverOf({url: 'unix:/nowhere/r.sock'})
      expect((await driver.advise?.(call()))?.join('\n')).toContain('could not be asked')
    })
  })

  describe('a replica', () => {
    let replica: RedisServer
    let gate: Gate
    beforeEach(async () => {
      gate = await startGate({upstream: server.socket})
      replica = await startRedis([`replicaof 127.0.0.1 ${gate.port}`, `masterauth "${server.password}"`, 'repl-diskless-sync-delay 0'])
      await until(async () => (await replica.cli('INFO', 'replication')).includes('master_link_status:up'))
    })
    afterEach(async () => {
      await replica.stop()
      await gate.close()
    })

    it('is read and said to be one, refuses a move, and is waited for when its master moves', async () => {
      const [there, here] = await Promise.all([driverOf({url: `unix:${replica.socket}`}), driverOf()])
      expect(await refusal(there.set('inserted', call()))).toEqual({
        code: 'rod.refused',
        message: `unix:${replica.socket}: READONLY: this is a replica: it takes no writes`,
      })
      expect(await here.set('inserted', call())).toMatch(/; 1 of 1 replicas have it$/)
      expect(await there.read(call())).toMatchObject({position: 'inserted', evidence: expect.stringMatching(/; replica [0-9a-f]{12}$/)})
      expect(await there.advise?.(call())).toContainEqual(expect.stringContaining('this is a replica'))
    })

    it('that lost its master and says nothing stale is unreachable', async () => {
      await replica.cli('CONFIG', 'SET', 'replica-serve-stale-data', 'no')
      await gate.close()
      await until(async () => (await replica.cli('INFO', 'replication')).includes('master_link_status:down'))
      const driver = await driverOf({url: `unix:${replica.socket}`})
      expect(await refusal(driver.set('inserted', call()))).toMatchObject({code: 'rod.unreachable', message: expect.stringContaining('MASTERDOWN')})
      expect(await driver.read(call())).toMatchObject({position: 'unknown'})
    })
  })

  describe('on the wire', () => {
    let gate: Gate
    let driver: Driver
    beforeEach(async () => {
      gate = await startGate({upstream: server.socket})
      driver = await driverOf({url: `redis://127.0.0.1:${gate.port}`})
    })
    afterEach(() => gate.close())
    const words = () => gate.commands.map(([word]) => word)

    it('silence at AUTH is unreachable: the move was never sent', async () => {
      gate.moods.set('AUTH', 'silent')
      expect(await refusal(driver.set('inserted', call({signal: AbortSignal.timeout(2000)})))).toMatchObject({code: 'rod.unreachable'})
      expect(words()).toEqual(['AUTH'])
    })

    it('a refused password is the end: a Redis that still obeys as its default user gets no move', async () => {
      await server.cli('CONFIG', 'SET', 'requirepass', '')
      const refused = await refusal(driver.set('inserted', call()))
      await server.cli('CONFIG', 'SET', 'requirepass', server.password)
      expect(refused).toMatchObject({code: 'rod.refused', message: expect.stringContaining('does it want a password at all?')})
      expect(words()).toEqual(['AUTH'])
      expect(await server.cli('EXISTS', 'rod')).toBe('0')
    })

    it('an answer that repeats the password is not passed on', async () => {
      gate.moods.set('AUTH', {says: `-ERR unknown command 'AUTH', with args beginning with: '${server.password}'\r\n`})
      expect((await refusal(driver.set('inserted', call()))).message).not.toContain('canary')
      gate.moods.clear()
      gate.moods.set('EVAL', {says: `-ERR who is ${server.password}?\r\n`})
      expect((await refusal(driver.set('inserted', call()))).message).toContain('who is env:PW?')
    })

    it.each(['MOVED 866 10.0.0.1:6379', 'ASK 866 10.0.0.1:6379'])('%s is refused, and nobody goes there', async line => {
      gate.moods.set('EVAL', {says: `-${line}\r\n`})
      expect(await refusal(driver.set('inserted', call()))).toMatchObject({code: 'rod.refused', message: expect.stringContaining('cluster')})
    })

    it('acknowledged stays acknowledged when the connection ends before the replicas are asked', async () => {
      gate.moods.set('INFO', 'reset')
      expect(await driver.set('inserted', call())).toContain('replicas were not asked')
      expect(await server.cli('GET', 'rod')).toBe('inserted')
    })

    it('a replica that has not confirmed is told', async () => {
      gate.moods.set('INFO', {says: '$38\r\nrole:master\r\nconnected_slaves:2\r\nx:y\r\n\r\n'})
      gate.moods.set('WAIT', {says: ':0\r\n'})
      expect(await driver.set('inserted', call())).toContain('none of 2 replicas has it yet')
      expect(gate.commands.at(-1)).toEqual(['WAIT', '1', '500'])
    })

    it('a fence that somebody spoilt stops the move before anything is written', async () => {
      await server.cli('SET', '{rod}:fence', 'soon')
      expect(await refusal(driver.set('inserted', call()))).toMatchObject({code: 'rod.refused'})
      expect(await driver.read(call())).toMatchObject({position: 'unknown', evidence: expect.stringContaining('fence')})
      expect(await server.cli('EXISTS', 'rod')).toBe('0')
    })
  })
})

import {chmod, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {driverContract} from '../../contracts/driver.ts'
import {rodOf} from '../open-driver.ts'
import {type CommandBench, commandBench} from './command-bench.ts'

// A command has no wire: what it prints when it sets is nobody's business, and nothing of it is up to be restarted.
driverContract('command', commandBench, ['unintelligible', 'restarted'])

describe('the command driver', () => {
  let bench: CommandBench
  beforeEach(async () => {
    bench = await commandBench()
  })
  afterEach(() => bench.close())
  const call = {target: '', why: 'why', fence: 1}
  const signal = () => AbortSignal.timeout(5000)
  const script = async (name: string, text: string) => {
    await writeFile(join(bench.folder, name), `#!/bin/sh\n${text}\n`)
    await chmod(join(bench.folder, name), 0o755)
  }
  const driverOf = (given: Record<string, unknown>, positions = ['withdrawn', 'inserted'], secrets = {}) =>
    rodOf({driver: 'command', with: given, positions}, {folder: bench.folder, secrets}).driver()

  it('runs insert and withdraw where there is no set', async () => {
    const driver = await driverOf({insert: ['./rod.sh', 'set', 'inserted'], withdraw: ['./rod.sh', 'set', 'withdrawn']})
    await driver.set('inserted', {...call, signal: signal()})
    expect(await bench.effect()).toBe('inserted')
    await driver.set('withdrawn', {...call, signal: signal()})
    expect(await bench.effect()).toBe('withdrawn')
  })

  it('without a read it never knows', async () => {
    const driver = await driverOf({insert: ['true'], withdraw: ['true']})
    expect(await driver.read({target: '', signal: signal()})).toMatchObject({position: 'unknown'})
  })

  it.each([69, 75])('takes exit %i for: nothing was sent', async code => {
    await script('fails', `exit ${code}`)
    const driver = await driverOf({insert: ['./fails'], withdraw: ['./fails']})
    await expect(driver.set('inserted', {...call, signal: signal()})).rejects.toMatchObject({code: 'rod.unreachable'})
  })

  it('shows the last line of stderr of a refusal, harmless and without secrets', async () => {
    await script('fails', 'echo first >&2; printf "denied \\033[2J $TOKEN\\n" >&2; exit 4')
    const driver = await driverOf({insert: ['./fails'], withdraw: ['./fails'], secrets: {TOKEN: 'env:T'}}, undefined, {'env:T': 'canary-5'})
    await expect(driver.set('inserted', {...call, signal: signal()})).rejects.toMatchObject({code: 'rod.refused', message: './fails exit 4: denied  env:T'})
  })

  it.each(['./absent', './writes'])('refuses what cannot be run (%s), naming it', async command => {
    const driver = await driverOf({insert: [command], withdraw: [command]})
    await expect(driver.set('inserted', {...call, signal: signal()})).rejects.toMatchObject({code: 'rod.refused', message: expect.stringContaining(command)})
  })

  it('a command that outlives its own timeout may have acted', async () => {
    await script('slow', 'sleep 60')
    const driver = await driverOf({insert: ['./slow'], withdraw: ['true'], timeout: '100ms'})
    await expect(driver.set('inserted', {...call, signal: signal()})).rejects.toMatchObject({code: 'rod.unanswered'})
  })

  it('does not wait for a helper that the command left in the background', async () => {
    await script('daemon', 'echo $$ > pids; sleep 3 & echo done')
    const driver = await driverOf({insert: ['./daemon'], withdraw: ['true']})
    expect(await driver.set('inserted', {...call, signal: AbortSignal.timeout(2000)})).toBe('./daemon exit 0')
  })

  it('hands on PATH and what is declared, nothing else', async () => {
    process.env['LEAKED_CANARY'] = 'leak'
    await script('env.sh', 'env > environment')
    const driver = await driverOf({insert: ['./env.sh'], withdraw: ['true'], env: {PGPASSFILE: '/etc/pgpass'}, secrets: {TOKEN: 'env:T'}}, undefined, {
      'env:T': 'canary-6',
    })
    await driver.set('inserted', {...call, signal: signal()})
    delete process.env['LEAKED_CANARY']
    const environment = await readFile(join(bench.folder, 'environment'), 'utf8')
    expect(environment).toContain('PGPASSFILE=/etc/pgpass')
    expect(environment).toContain('TOKEN=canary-6')
    expect(environment).not.toContain('LEAKED_CANARY')
    expect(driver.plan('inserted').join()).toContain('TOKEN=env:T')
  })

  it.each([
    ['{"position": "inserted", "version": 7}', {position: 'inserted', version: '7'}],
    ['inserted', {position: 'inserted'}],
    ['{"position": "inser', {position: 'unknown'}],
    ['{"position": {"a": 1}}', {position: 'unknown'}],
    ['<h1>Please log in</h1>', {position: 'unknown'}],
    ['toString', {position: 'unknown'}],
    ['', {position: 'unknown'}],
  ])('reads %j as %j', async (printed, reading) => {
    await writeFile(join(bench.folder, 'printed'), printed)
    const driver = await driverOf({insert: ['true'], withdraw: ['true'], read: ['cat', 'printed']})
    const seen = await driver.read({target: '', signal: signal()})
    expect(seen).toMatchObject(reading)
    expect(seen.evidence).not.toMatch(/h1|toString/)
  })

  it('keeps no more than 64 KiB of what a command says', async () => {
    const driver = await driverOf({insert: ['true'], withdraw: ['true'], read: ['head', '-c', '10000000', '/dev/zero']})
    expect(await driver.read({target: '', signal: signal()})).toMatchObject({position: 'unknown'})
  })

  it.each([
    [{insert: ['x', '--to={position}'], withdraw: ['x']}, 'with.insert: {position} must be an argument of its own'],
    [{insert: ['x']}, 'with: needs either set, or insert and withdraw'],
    [{set: ['x']}, 'with: set needs {position}'],
    [{insert: ['x'], withdraw: ['x'], timeout: '20'}, 'with.timeout: "20" is not a duration; write 20m or 20s'],
    [{insert: ['x'], withdraw: ['x'], secrets: {A: 'plain'}}, 'with.secrets.A: must be a reference: env:NAME, file:/path, exec:[argv]'],
  ])('refuses the options %j', async (given, message) => {
    await expect(driverOf(given)).rejects.toMatchObject({code: 'config.invalid', message})
  })

  it('refuses an insert that cannot say which of three positions', async () => {
    await expect(driverOf({insert: ['x'], withdraw: ['y']}, ['withdrawn', 'drain', 'maint'])).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringContaining('with.insert'),
    })
  })
})

import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from '@jest/globals'
import {type Machine, machine} from '../cli/run-scram.ts'
import {type Switches, startSwitches, switchRod} from '../servers/switches.ts'
import {missing} from './run-writer.ts'

const noNamespace = missing('unshare', ['-Urm', 'sh', '-c', 'mount -t tmpfs -o size=64k t /mnt'])
if (noNamespace) process.stdout.write(`SKIPPED, rods on full and read-only disks are not tried: no user namespace here (${noNamespace})\n`)
const inNamespace = noNamespace ? describe.skip : describe

let switches: Switches
let at: Machine
beforeAll(async () => {
  switches = await startSwitches()
})
afterAll(() => switches.close())
beforeEach(() => {
  at = machine()
  mkdirSync(join(at.home, 'run'), {mode: 0o700})
})
afterEach(() => at.remove())

const moves = (id: string) => switches.of(id).calls.map(({position}) => position)
const rods = (...ids: string[]) =>
  writeFileSync(join(at.home, 'scram.yaml'), ['scram: 1', 'rods:', ...ids.map(id => switchRod(switches.url, id)), ''].join('\n'))
/** Every line of `script` in one mount namespace, with scram as `$0`; each prints its exit code. */
const within = (script: readonly string[]) => {
  const lines = script.map(line => (line.startsWith('"$0"') ? `${line}; echo "[exit $?]"` : line))
  return at.run([], {shell: `exec unshare -Urm sh -c '${lines.join('\n')}' "$0"`, env: {XDG_RUNTIME_DIR: join(at.home, 'run')}})
}
const exits = (stdout: string) => [...stdout.matchAll(/^\[exit (\d+)\]$/gm)].map(([, code]) => Number(code))
const kindsIn = (stdout: string) => [...stdout.matchAll(/"kind":"(rod\.\w+)"/g)].map(([, kind]) => kind)

inNamespace('a rod that must go in while the journal cannot be written', () => {
  it('full disk: goes in and, with a reason, out; 73; the emergency log has it, and doctor --recover brings it back', async () => {
    rods('f0', 'f1')
    const {stdout, stderr} = await within([
      'mount -t tmpfs -o size=8m t /mnt && export SCRAM_HOME=/mnt/s',
      '"$0" in f0 --why before',
      'cat /dev/zero >/mnt/fill 2>/dev/null',
      '"$0" in f1 --why contain',
      '"$0"',
      '"$0" out f1',
      '"$0" out f1 --why over',
      'rm /mnt/fill',
      '"$0" doctor --recover',
      'SCRAM_HOME=/mnt/s "$0" timeline export',
    ])
    expect({exits: exits(stdout), stderr}).toEqual({exits: [0, 73, 0, 64, 73, 0], stderr: expect.stringContaining('recorded in the emergency log only')})
    expect(stdout).toContain('f1 inserted; the probe agrees')
    expect(stdout).toMatch(/f1 inserted since/)
    expect(stderr).toContain('nothing keeps a second person from moving f1')
    expect(kindsIn(stdout).slice(2)).toEqual(['rod.inserting', 'rod.inserted', 'rod.withdrawing', 'rod.withdrawn'])
    expect(moves('f1')).toEqual(['inserted', 'withdrawn'])
  })

  it('full between the intent and the outcome: the outcome is kept all the same', async () => {
    rods('f2')
    Object.assign(switches.of('f2'), {mood: 'slow'})
    const {stdout} = await within([
      'mount -t tmpfs -o size=8m t /mnt && export SCRAM_HOME=/mnt/s',
      '"$0" in f2 --why contain & sleep 1.2; (cat /dev/zero >/mnt/fill 2>/dev/null; true); wait $!; echo "[moved $?]"',
      'rm /mnt/fill',
      '"$0" doctor --recover',
      'SCRAM_HOME=/mnt/s "$0" timeline export',
    ])
    // The ballast, or the room that SQLite had taken already, may keep it from needing the emergency log.
    expect(stdout).toMatch(/^\[moved (?:73|0)\]$/m)
    expect(kindsIn(stdout)).toEqual(['rod.inserting', 'rod.inserted'])
  })

  it('read-only home: the same', async () => {
    rods('f3', 'f4')
    expect((await at.run(['in', 'f3', '--why', 'before'])).code).toBe(0)
    const record = join(at.home, 'record')
    const {stdout} = await within([
      `mount --bind ${record} ${record} && mount -o remount,ro,bind ${record}`,
      '"$0" in f4 --why contain',
      '"$0" rod verify f4',
      '"$0" resolve -m over',
    ])
    expect(exits(stdout)).toEqual([73, 73, 66])
    const {code, stdout: recovered} = await at.run(['doctor', '--recover'], {env: {XDG_RUNTIME_DIR: join(at.home, 'run')}})
    expect([code, recovered]).toEqual([0, expect.any(String)])
    expect(kindsIn((await at.run(['timeline', 'export'])).stdout)).toEqual(['rod.inserting', 'rod.inserted', 'rod.inserting', 'rod.inserted', 'rod.inserted'])
    expect([moves('f3'), moves('f4')]).toEqual([['inserted'], ['inserted']])
  })
})

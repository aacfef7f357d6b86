import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {type Machine, machine} from '../cli/run-scram.ts'
import {missing} from './run-writer.ts'

const noNamespace = missing('unshare', ['-Urm', 'sh', '-c', 'mount -t tmpfs -o size=64k t /mnt'])
if (noNamespace) process.stdout.write(`SKIPPED, first writes on full disks are not tried: no user namespace here (${noNamespace})\n`)
const inNamespace = noNamespace ? describe.skip : describe

let at: Machine
beforeEach(() => {
  at = machine()
  mkdirSync(join(at.home, 'run'), {mode: 0o700})
})
afterEach(() => at.remove())

/** Every line in one mount namespace, with scram as `$0`; each prints its exit code. */
const within = (...script: string[]) => {
  const lines = ['mount -t tmpfs -o size=8m t /mnt', 'export SCRAM_HOME=/mnt/s', ...script].map(line =>
    line.startsWith('"$0"') ? `${line}; echo "[exit $?]"` : line,
  )
  return at.run([], {shell: `exec unshare -Urm sh -c '${lines.join('\n')}' "$0"`, env: {XDG_RUNTIME_DIR: join(at.home, 'run')}})
}
const exits = (stdout: string) => [...stdout.matchAll(/^\[exit (\d+)\]$/gm)].map(([, code]) => Number(code))

inNamespace('the first write ever, on a full disk', () => {
  // What is left depends on where the room ran out: no bytes, a header without tables, tables without an identity.
  it.each([0, 16, 99])('with %i KiB left is kept, and recovered as a record that begins', async room => {
    const {stdout, stderr} = await within(
      'mkdir -m 700 /mnt/s',
      `head -c ${room * 1024} /dev/zero >/mnt/room; (cat /dev/zero >/mnt/fill 2>/dev/null; true); rm /mnt/room`,
      '"$0" open "API down" >/dev/null',
      'rm /mnt/fill',
      '"$0" doctor --recover',
      '"$0" doctor --recover',
      '"$0" timeline export',
      'ls /mnt/s',
    )
    expect({exits: exits(stdout), stderr}).toEqual({exits: [73, 0, 0, 0], stderr: expect.stringContaining('recorded in the emergency log only')})
    // The opening, and the page that could not be written.
    expect(stdout).toContain('the journal was never begun, and is not damaged: it begins now\nemergency log: 2 taken in, 0 were there already')
    expect(stdout).toContain('the journal is sound\nemergency log: 0 taken in')
    expect(stdout).toMatch(/"title":"API down"\},"epoch":1,/)
    expect(stdout).not.toMatch(/damaged file|"epoch":2|^quarantine$/m)
  })

  it('still full: says so, keeps what it has, and recovers once there is room', async () => {
    const {stdout, stderr} = await within(
      '(cat /dev/zero >/mnt/fill 2>/dev/null; true)',
      '"$0" open "API down" >/dev/null',
      '"$0" doctor --recover',
      'rm /mnt/fill',
      '"$0" doctor --recover',
      '"$0" timeline export',
    )
    expect(exits(stdout)).toEqual([73, 73, 0, 0])
    expect(stderr).toContain('nothing was deleted')
    expect(stdout).toContain('"title":"API down"')
    expect(stdout).not.toContain('damaged file')
  })
})

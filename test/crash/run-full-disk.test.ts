import {existsSync, mkdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it, jest} from '@jest/globals'
import {book} from '../cli/run-record.ts'
import {type Machine, machine} from '../cli/run-scram.ts'
import {missing} from './run-writer.ts'

jest.setTimeout(120_000)

const noNamespace = missing('unshare', ['-Urm', 'sh', '-c', 'mount -t tmpfs -o size=64k t /mnt'])
if (noNamespace) process.stdout.write(`SKIPPED, runs on a full disk are not tried: no user namespace here (${noNamespace})\n`)
const inNamespace = noNamespace ? describe.skip : describe

let at: Machine
beforeEach(() => {
  at = machine()
  mkdirSync(join(at.home, 'run'), {mode: 0o700})
})
afterEach(() => at.remove())

inNamespace('a disk that is full in the middle of a run', () => {
  it('stops it with 73 after the step in flight, whose outcome is kept; once there is room the run goes on and does nothing twice', async () => {
    book(
      at,
      'filled',
      `
  - {id: first, run: 'echo first >>did'}
  - {id: fills, run: 'echo fills >>did; cat /dev/zero >/mnt/fill 2>/dev/null || true; echo said a lot'}
  - {id: third, run: 'echo third >>did'}
`,
    )
    const script = [
      'mount -t tmpfs -o size=8m t /mnt && export SCRAM_HOME=/mnt/s',
      '"$0" run filled; echo "[run $?]"',
      'cat did | tr "\\n" " "; echo "[did]"',
      'rm /mnt/fill; "$0" doctor --recover; echo "[recovered $?]"',
      '"$0" resume; echo "[resumed $?]"',
      '"$0" timeline export',
      '"$0" timeline verify; echo "[verified $?]"',
    ]
    const {stdout, stderr} = await at.run([], {shell: `exec unshare -Urm sh -c '${script.join('\n')}' "$0"`, env: {XDG_RUNTIME_DIR: join(at.home, 'run')}})
    expect({stdout: stdout.slice(0, 4000), stderr}).toMatchObject({
      stdout: expect.stringMatching(/^\[run 73\]$/m),
      stderr: expect.stringContaining('the run stops here: the journal cannot be written'),
    })
    expect(stdout).toMatch(/^first fills \[did\]$/m)
    for (const line of ['[recovered 0]', '[resumed 0]', '[verified 0]']) expect(stdout).toContain(line)
    expect(readFileSync(join(at.home, 'did'), 'utf8')).toBe('first\nfills\nthird\n')
    const kinds = [...stdout.matchAll(/"kind":"((?:run|step)\.\w+)"/g)].map(([, kind]) => kind)
    expect(kinds).toEqual([
      'run.started',
      'step.started',
      'step.finished',
      'step.started',
      'step.finished',
      'step.started',
      'step.settled',
      'run.resumed',
      'step.started',
      'step.finished',
      'run.finished',
    ])
    expect(existsSync('/mnt/fill')).toBe(false)
  })
})

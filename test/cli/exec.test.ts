import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {type Machine, machine} from './run-scram.ts'

describe('scram exec', () => {
  let person: Machine
  beforeEach(() => {
    person = machine()
  })
  afterEach(() => person.remove())

  it('passes output, stdin, environment and exit code through, and records them', async () => {
    const ran = await person.run(['exec', '--', 'sh', '-c', 'cat; echo "$WORD"; echo aside >&2; exit 7'], {stdin: 'in\n', env: {WORD: 'out'}})
    expect([ran.code, ran.stdout, ran.stderr]).toEqual([7, 'in\nout\n', expect.stringMatching(/^aside\n.*recorded: exit 7/)])
  })

  it('keeps stdout for its one object under --json', async () => {
    const {code, value, stderr} = await person.json(['exec', '--json', '--', 'sh', '-c', 'echo shown; exit 3'])
    expect([code, stderr]).toEqual([3, expect.stringContaining('shown')])
    expect(value).toMatchObject({exitCode: 3, data: {tail: 'shown\n', argv: ['sh', '-c', 'echo shown; exit 3', '--json']}})
  })

  it('says what was not found, as a shell does', async () => {
    const {code, stderr} = await person.run(['exec', '--', 'no-such-program'])
    expect([code, stderr]).toEqual([127, expect.stringContaining('no-such-program: not found')])
  })

  it('records what the system refuses to start, whatever the reason', async () => {
    const {code, stderr} = await person.run(['exec', '--', '/etc/passwd/no-folder'])
    expect([code, stderr]).toEqual([126, expect.stringMatching(/cannot be run\n.*recorded: exit 126/)])
    expect(await person.run(['exec', '--', ''])).toMatchObject({code: 64})
  })

  it('a command that leaves a process behind has ended: it is recorded, and Ctrl-C leaves that process alone', async () => {
    let scram = 0
    let recorded = ''
    const heard = async (text: string) => {
      if (!text.includes('left a process behind')) return
      recorded = (await person.run(['timeline', 'export'])).stdout
      process.kill(scram, 'SIGINT')
    }
    const started = (pid: number) => {
      scram = pid
    }
    const {code, stdout} = await person.run(['exec', '--', 'sh', '-c', 'sleep 60 & echo $!; exit 5'], {started, heard: text => void heard(text)})
    const left = Number(stdout.split('\n')[0])
    expect([code, process.kill(left, 0)]).toEqual([5, true])
    process.kill(left, 'SIGKILL')
    expect(recorded).toContain('"exitCode":5')
  })

  it('what such a process still prints appears, and scram ends with it', async () => {
    const {code, stdout} = await person.run(['exec', '--', 'sh', '-c', '(sleep 2; echo late) & echo early'])
    expect([code, stdout]).toEqual([0, 'early\nlate\n'])
  })

  it('of a command whose reader is slow the end is still its own', async () => {
    const slowly = 'for i in 1 2 3 4; do sleep 1.5; head -c 65536; done >/dev/null; cat >/dev/null'
    await person.run([], {shell: `"$0" exec -- sh -c 'head -c 260000 /dev/zero; echo last' | (${slowly})`})
    const {stdout} = await person.run(['timeline', 'export'])
    expect(stdout).toContain('"bytes":260005')
  })

  it('runs nothing when it would not know where to record it', async () => {
    await person.run(['open', 'one'])
    await person.run(['open', 'two'])
    const {code, stdout} = await person.run(['exec', '--', 'echo', 'done and unrecorded'])
    expect([code, stdout]).toEqual([77, ''])
  })
})

describe('scram timeline', () => {
  it('shows nothing of an update that was redacted, its amendments included', async () => {
    const person = machine()
    await person.run(['open', 'T', '-m', 'first CANARY'])
    await person.run(['amend', '1', '-m', 'second CANARY'])
    await person.run(['redact', '1', '--why', 'names a customer'])
    const {stdout} = await person.run(['timeline'])
    expect([stdout.includes('CANARY'), stdout.includes('[redacted]')]).toEqual([false, true])
    await person.remove()
  })
})

import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {type Machine, machine} from './run-scram.ts'

/** Below /proc a parent is there and cannot hold a folder: what makes folders by guessing goes round for ever there. */
const NOWHERE = '/proc/scram/nowhere'
/** Whatever a busy machine takes; the loop would take for ever. */
const ENDS_WITHIN_MS = 60_000

describe('a folder that cannot be made', () => {
  let person: Machine
  beforeEach(async () => {
    person = machine()
    await person.run(['open', 'somewhere else'])
  })
  afterEach(() => person.remove())

  it.each([
    ['a drill', ['drill', 'run', '--auto', '--out', NOWHERE], 64],
    ['a drill to type in', ['drill', 'up', '--out', NOWHERE], 64],
    ['a draft', ['postmortem', 'draft', '--out', `${NOWHERE}/draft.md`], 3],
    ['an export', ['timeline', 'export', '--out', `${NOWHERE}/record.jsonl`], 3],
    ['a page', ['page', 'build', '--out', NOWHERE], 3],
  ])(
    'for %s ends the command, which names it',
    async (_, argv, exit) => {
      const {code, stderr} = await person.run(argv)
      expect([code, stderr]).toEqual([exit, expect.stringContaining(NOWHERE)])
      expect((await person.json(argv)).code).toBe(exit)
    },
    ENDS_WITHIN_MS,
  )

  it(
    'as the temporary one ends a drill',
    async () => {
      expect(await person.run(['drill', 'run', '--auto'], {env: {TMPDIR: NOWHERE}})).toMatchObject({code: 64, stderr: expect.stringContaining(NOWHERE)})
    },
    ENDS_WITHIN_MS,
  )

  it(
    'as a home leaves every command working, and what was recorded in the emergency log',
    async () => {
      const env = {SCRAM_HOME: NOWHERE, XDG_RUNTIME_DIR: person.home}
      const opened = await person.run(['open', 'no home', '-s', 'sev2'], {env})
      expect([opened.code, opened.stderr]).toEqual([73, expect.stringContaining('emergency log')])
      expect(await person.run(['note', 'still here'], {env})).toMatchObject({code: 73})
      expect(await person.run(['use', '--none'], {env})).toMatchObject({code: 73, stderr: expect.stringContaining('SCRAM_INCIDENT')})
      expect((await person.run(['timeline'], {env})).stdout).toContain('still here')
      expect(await person.run(['postmortem', 'draft'], {env})).toMatchObject({code: 3})
    },
    ENDS_WITHIN_MS,
  )

  it(
    'as a home stops a run, with nobody there to say that it may go on',
    async () => {
      const runbook = 'scram: 1\nrunbook: says-hello\ntitle: Says hello\nsteps:\n  - {id: hello, run: [echo, hello]}\n'
      writeFileSync(join(person.home, 'scram.yaml'), 'scram: 1\n')
      writeFileSync(join(person.home, 'says-hello.yaml'), runbook)
      const env = {SCRAM_HOME: NOWHERE, XDG_RUNTIME_DIR: person.home, SCRAM_WORKSPACE: person.home}
      const {code, stderr} = await person.run(['run', 'says-hello', '--yes'], {env})
      expect([code, stderr]).toEqual([73, expect.stringContaining('the run stops here')])
    },
    ENDS_WITHIN_MS,
  )
})

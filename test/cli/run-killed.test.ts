import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {type Machine, machine} from './run-scram.ts'

/**
 * What crash.test.ts does in one process, on the real program: killed with SIGKILL inside a step, then resumed. Commands and
 * the driver of the rod write down each time they are called.
 */
const step = (id: string, more = '') => `  - { id: ${id}, run: [sh, -c, "echo ${id} >> \\"$HOME/log\\"${more}"]`
const SLOW = '; echo $$ > \\"$HOME/pid\\"; sleep 30'
const RUNBOOKS = {
  unsafe: `${step('before')} }\n${step('push', SLOW)} }\n${step('after')} }\n`,
  safe: `${step('slow', SLOW)}, effect: idempotent }\n`,
  rod: `  - { id: open, uses: open, with: { title: Down } }\n  - { id: api_rod, uses: rod/insert, with: { rod: flag, why: contain, expires: 1h } }\n${step('after')} }\n`,
}
/** While `slow` lies there it takes its time after the effect. */
const SET = '#!/bin/sh\necho "set $1" >> "$HOME/log"\necho "$1" > "$HOME/flag"\necho $$ > "$HOME/pid"\nif [ -e "$HOME/slow" ]; then sleep 30; fi\n'

let at: Machine
beforeEach(() => {
  at = machine()
  const {home} = at
  mkdirSync(join(home, 'runbooks'))
  for (const [id, steps] of Object.entries(RUNBOOKS)) {
    writeFileSync(join(home, `runbooks/${id}.yaml`), `scram: 1\nrunbook: ${id}\ntitle: Killed inside a step\nsteps:\n${steps}`)
  }
  const look = JSON.stringify(['cat', join(home, 'flag')])
  writeFileSync(join(home, 'flag'), 'withdrawn\n')
  writeFileSync(join(home, 'set'), SET, {mode: 0o755})
  writeFileSync(
    join(home, 'scram.yaml'),
    `scram: 1
rods:
  flag:
    title: A flag
    what: Writes
    spares: Reads
    owner: team
    blast: { users: none, worst: nothing }
    driver: command
    with: { set: [${JSON.stringify(join(home, 'set'))}, "{position}"], read: ${look}, timeout: 60s }
    verify: { timeout: 5s, every: 100ms, consecutive: 1 }
    probe: { command: { argv: ${look}, expect: { inserted: { stdout: inserted }, withdrawn: { stdout: withdrawn } } } }
`,
  )
})
afterEach(() => at.remove())

const log = () => (existsSync(join(at.home, 'log')) ? readFileSync(join(at.home, 'log'), 'utf8').trim().split('\n') : [])
const count = (line: string) => log().filter(each => each === line).length

/** Kills it inside the step that logs `line` for the n-th time, and the child that outlives it. */
async function killedInside(args: readonly string[], line: string, times = 1): Promise<void> {
  const pidFile = join(at.home, 'pid')
  rmSync(pidFile, {force: true})
  let pid = 0
  const ended = at.run(args, {
    started: each => {
      pid = each
    },
  })
  let isOver = false
  const over = ended.then(result => {
    isOver = true
    throw new Error(`it ended by itself: ${JSON.stringify(result)}`)
  })
  over.catch(() => undefined)
  const inside = async () => {
    while (!isOver && (count(line) < times || !existsSync(pidFile) || readFileSync(pidFile, 'utf8').trim() === '')) await pause(25)
  }
  await Promise.race([inside(), over])
  process.kill(pid, 'SIGKILL')
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL')
  expect((await ended).signal).toBe('SIGKILL')
}

describe('a run that is killed with SIGKILL', () => {
  it('inside a command nobody can check: the resume asks, and without a terminal nothing runs again and the exit is 4', async () => {
    await killedInside(['run', 'unsafe'], 'push')
    const first = await at.json(['resume', '--yes'])
    expect(first).toMatchObject({code: 4, value: {event: 'run.parked', reason: 'unknown', step: 'push'}})
    expect(await at.json(['resume'])).toMatchObject({code: 4})
    expect(log()).toEqual(['before', 'push'])
    // Somebody looked: it did happen.
    expect(await at.run(['done', 'push', '-m', 'seen in its own log'])).toMatchObject({code: 0})
    expect(log()).toEqual(['before', 'push', 'after'])
  }, 60_000)

  it('inside a rod step: the world settles it, and the driver was called once', async () => {
    writeFileSync(join(at.home, 'slow'), '')
    await killedInside(['run', 'rod'], 'set inserted')
    rmSync(join(at.home, 'slow'))
    expect(await at.json(['resume'])).toMatchObject({code: 0, value: {outcome: 'done', rodsIn: ['flag']}})
    expect(log()).toEqual(['set inserted', 'after'])
  }, 60_000)

  it('twice inside the same step: the third asks, though it may be repeated', async () => {
    await killedInside(['run', 'safe'], 'slow')
    await killedInside(['resume'], 'slow', 2)
    expect(await at.json(['resume', '--yes'])).toMatchObject({code: 4, value: {event: 'run.parked', reason: 'unknown', step: 'slow'}})
    expect(log()).toEqual(['slow', 'slow'])
  }, 60_000)
})

import {existsSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {afterEach, beforeEach, describe, expect, jest, it as plain} from '@jest/globals'
import {requireTool} from '../servers/require-tool.ts'
import {book, record, stepsOf} from './run-record.ts'
import {type Machine, machine} from './run-scram.ts'
import {type Terminal, terminal} from './terminal.ts'

jest.setTimeout(120_000)

const it = requireTool('script')
let at: Machine
let open: Terminal[]
const at1 = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const one = await terminal(at, args, env)
  open.push(one)
  return one
}
beforeEach(() => {
  at = machine()
  open = []
})
afterEach(async () => {
  for (const one of open) one.end()
  await at.remove()
})

/** Starts a run whose driver stands in a step, and answers with its process. */
async function driven(id: string, env: Readonly<Record<string, string>> = {}) {
  let pid = 0
  let heard = ''
  const ended = at.run(['run', id], {
    env,
    started: found => {
      pid = found
    },
    heard: text => {
      heard += text
    },
  })
  ended.catch(() => undefined)
  const hears = async (pattern: RegExp) => {
    for (let waited = 0; !pattern.test(heard); waited += 50) {
      if (waited > 20_000) throw new Error(`${pattern} was not said: ${heard}`)
      await sleep(50)
    }
  }
  return {pid: () => pid, ended, hears}
}

/** One that ended and that nobody has reaped yet does not live. */
const alive = (pid: number) => existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))

describe('a driver that was taken over from', () => {
  plain('is told what it had in flight, not what the other one began since', async () => {
    book(at, 'slow', '  - {id: first, wait: 2s}\n  - {id: second, manual: Look}\n')
    const old = await driven('slow', {SCRAM_ACTOR: 'ada'})
    await old.hears(/waits .* first/)
    process.kill(old.pid(), 'SIGSTOP')
    expect((await at.run(['resume', '--take'], {env: {SCRAM_ACTOR: 'ben'}})).stdout).toMatch(/parked at second/)
    process.kill(old.pid(), 'SIGCONT')
    expect((await old.ended).stderr).toMatch(/Nothing more is done from here; first was in flight/)
  })

  plain('appends nothing more once it wakes, says who took over, and ends with 77', async () => {
    book(at, 'slow', '  - {id: first, run: [sleep, "3"]}\n  - {id: second, run: [touch, second]}\n')
    const old = await driven('slow', {SCRAM_ACTOR: 'ada'})
    await old.hears(/begins .* first/)
    process.kill(old.pid(), 'SIGSTOP')
    if (process.env['SCRAM_LONG']) await sleep(31_000) // past its lease; `--take` needs no waiting
    const taken = await at.run(['resume', '--take'], {env: {SCRAM_ACTOR: 'ben'}})
    // The step in flight is unknown to the new driver, and what does it still lives or has just ended.
    expect(taken.code).toBe(4)
    const before = (await record(at)).length
    process.kill(old.pid(), 'SIGCONT')
    const {code, stderr} = await old.ended
    expect(code).toBe(77)
    expect(stderr).toMatch(
      /ben took run r-\w{4} over at \d{4}-\d\d-\d\dT[\d:.]+Z\. Nothing more is done from here; first was in flight and is theirs to settle/,
    )
    const after = (await record(at)).slice(before)
    expect(after.filter(({kind}) => kind.startsWith('step.') || kind.startsWith('run.'))).toEqual([])
    expect(existsSync(join(at.home, 'second'))).toBe(false)
    expect((await record(at)).filter(({kind}) => kind === 'run.taken').map(({data, actor}) => [data['by'], actor.name])).toEqual([['ben', 'ben']])
  })
})

describe('a driver that died', () => {
  plain('is not shown to drive: the run is stopped, and every command says how to go on; one that lives is', async () => {
    book(at, 'slow', '  - {id: first, run: [sleep, "8"]}\n')
    const one = await driven('slow')
    await one.hears(/begins .* first/)
    const status = async () => {
      const plainText = await at.run(['status'])
      const {value} = await at.json(['status'])
      return {text: plainText.stdout, reminded: plainText.stderr, states: (value['runs'] as {state: string}[]).map(({state}) => state)}
    }
    expect(await status()).toEqual({text: expect.stringMatching(/of slow running at first\n/), reminded: '', states: ['running']})
    expect((await at.run(['watch', '--once'])).stdout).toMatch(/of slow is driven at first/)
    process.kill(one.pid(), 'SIGKILL')
    await one.ended
    const RESUME = String.raw`nobody drives it: scram resume r-\w{4}\n`
    const after = await status()
    expect(after.text).toMatch(/of slow stopped at first: nobody drives it\n[\s\S]*next: scram resume r-\w{4}\n/)
    expect([after.reminded, after.states]).toEqual([expect.stringMatching(`^! run r-\\w{4} \\(slow\\) stopped at first: ${RESUME}$`), ['stopped']])
    const watched = await at.run(['watch', '--once'])
    expect(watched.stdout).toMatch(new RegExp(`of slow STOPPED at first: ${RESUME}`))
    const {stderr} = await at.run(['open', 'something else'])
    expect(stderr).toMatch(new RegExp(RESUME))
    // Asking took nothing: the fence is still the dead driver's.
    expect(stepsOf(await record(at), 'run.resumed')).toEqual([])
  })
})

describe('a command that outlives its driver', () => {
  const steps = `  - {id: long, run: 'echo $$ >>copies; exec sleep "$SECONDS_"', env: {SECONDS_: "60"}, effect: idempotent}\n`
  const copies = () => readFileSync(join(at.home, 'copies'), 'utf8').trim().split('\n').map(Number)

  async function killed(id = 'live'): Promise<number> {
    book(at, id, steps)
    const old = await driven(id)
    await old.hears(/begins .* long/)
    while (!existsSync(join(at.home, 'copies')) || copies()[0] === 0) await sleep(20)
    process.kill(old.pid(), 'SIGKILL')
    await old.ended
    return copies()[0] ?? 0
  }

  plain('is not started a second time, whatever the policy and whoever asks: the run parks and names it', async () => {
    const pid = await killed()
    try {
      for (const command of [['resume'], ['resume', '--yes'], ['retry'], ['resume']]) {
        const {code, stdout} = await at.run(command)
        expect([command, code]).toEqual([command, 4])
        expect(stdout).toMatch(new RegExp(`still running, pid ${pid}, \\d+s`))
        expect(stdout).toContain(`kill -- -${pid}`)
      }
      expect(copies()).toEqual([pid])
    } finally {
      process.kill(pid, 'SIGKILL')
    }
    // Gone now: `safe` runs it once more, with what was sent.
    let driver = 0
    const again = at.run(['resume'], {
      started: found => {
        driver = found
      },
    })
    while (copies().length < 2) await sleep(50)
    for (const running of [driver, copies()[1] ?? 0]) process.kill(running, 'SIGKILL')
    await again
    expect(copies()).toHaveLength(2)
  })

  plain('is found also when its driver was killed before it could note which process it is', async () => {
    const pid = await killed()
    for (const name of readdirSync(join(at.home, 'record/artefacts'), {recursive: true, encoding: 'utf8'}))
      if (name.endsWith('.pid')) rmSync(join(at.home, 'record/artefacts', name))
    const {code, stdout} = await at.run(['resume'])
    process.kill(pid, 'SIGKILL')
    expect([code, stdout]).toEqual([4, expect.stringMatching(new RegExp(`still running, pid ${pid}, \\d+s`))])
  })

  it('is waited for or ended by whoever resumes at a terminal', async () => {
    const pid = await killed()
    const person = await at1(['resume'])
    await person.shows(new RegExp(`still running, pid ${pid}`))
    await person.shows(/stop here/)
    person.type('\u001b[B\u001b[B\r') // stop here, wait, end it
    await person.shows(/settled .*long/)
    expect(alive(pid)).toBe(false)
    // Gone: the policy `safe` runs it once more, without a question.
    while (copies().length < 2) await sleep(50)
    person.end()
    process.kill(copies()[1] ?? 0, 'SIGKILL')
  })
})

describe('two terminals on one run', () => {
  const steps = `
  - {id: look, manual: Look at it}
  - {id: push, run: [touch, pushed], approve: {from: [ops]}}
  - {id: more, manual: And now?}
`
  it('the second reads along; what is answered elsewhere moves the first within a second', async () => {
    await at.run(['open', 'It fails'])
    await at.run(['assign', 'ops', '--to', 'ben'])
    book(at, 'two', steps)
    const first = await at1(['run', 'two'], {SCRAM_ACTOR: 'ada'})
    await first.shows(/Look at it[\s\S]*stop here/)
    const second = await at1(['resume'], {SCRAM_ACTOR: 'ben'})
    await second.shows(/drives it; reading along/)
    const moves = async (command: readonly string[], pattern: RegExp, actor = 'ben') => {
      const {code, stdout, stderr} = await at.run(command, {env: {SCRAM_ACTOR: actor}})
      const since = Date.now()
      expect([command[0], code, stderr.includes('scram:')]).toEqual([command[0], 0, false])
      expect(stdout).toMatch(/goes on with it/)
      await first.shows(pattern, 3000)
      expect(Date.now() - since).toBeLessThan(1000)
    }
    const third = await at1(['resume'], {SCRAM_ACTOR: 'cleo'})
    await third.shows(/drives it; reading along[\s\S]*look/)
    third.type('\x03')
    expect(await third.ended()).toBe(130)
    expect(third.sent()).toMatch(/left it to its driver/)
    expect(third.sent()).not.toMatch(/parked/) // it drove nothing: nothing is finished or parked for its Ctrl-C
    await moves(['done', 'look'], /✓ done +\S+ +look[^\n]*at another terminal[\s\S]*needs an approval from ops/)
    expect((await at.run(['approve'], {env: {SCRAM_ACTOR: 'ada'}})).code).toBe(77)
    await moves(['approve'], /And now\?/)
    expect(existsSync(join(at.home, 'pushed'))).toBe(true)
    await moves(['skip', 'more', '--why', 'nothing to see'], /run r-\w{4} done/)
    expect(await first.ended()).toBe(0)
    await second.shows(/run r-\w{4} done/)
    expect(await second.ended()).toBe(0)
    for (const kind of ['step.started', 'step.finished']) expect(stepsOf(await record(at), kind).filter(step => step === 'push#1')).toHaveLength(1)
  })

  plain('without a terminal a driven run is busy: 75, with what to do', async () => {
    book(at, 'slow', '  - {id: first, run: [sleep, "4"]}\n')
    const old = await driven('slow')
    await old.hears(/begins/)
    const {code, stderr} = await at.run(['resume'])
    expect([code, stderr]).toEqual([75, expect.stringMatching(/pid \d+ drives run r-\w{4} until .*\n.*wait for it\n[\s\S]*--take/)])
    expect((await at.run(['abort', '--why', 'x'])).code).toBe(75)
    expect((await old.ended).code).toBe(0)
  })
})

import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {type Ended, type Machine, machine} from '../cli/run-scram.ts'
import {drillTurn, TURN_MS} from './turn.ts'

/**
 * The drill's runbook on a real platform; its driver is killed with -9 once so many events are recorded, and resumed, in
 * some runs several times. What comes out is what comes out without a kill. Each run takes a drill of its own.
 */
const SHORT: readonly (readonly number[])[] = [[8, 14, 25, 34]]
const LONG = [...Array.from({length: 14}, (_, i) => [1 + i * 4]), [3, 7, 11, 15, 19, 23, 27, 31, 35, 39, 43]]
const KILLS = process.env['SCRAM_LONG'] ? [...SHORT, ...LONG] : SHORT
const ONE_MS = 300_000
const MOST_TRIES = 30
const LOOK_EVERY_MS = 3

interface Said {
  readonly kind: string
  readonly data: {
    readonly step?: string
    readonly rod?: string
    readonly to?: string
    readonly intent?: string
    readonly status?: string
    readonly outcome?: string
  }
}

let at: Machine
let folder: string
let home: string
let router: string
let env: Record<string, string>
let platform: Promise<Ended>
let giveBack: () => void

beforeEach(async () => {
  giveBack = await drillTurn()
  at = machine()
  folder = join(at.home, 'drill')
  const up = join(at.home, 'up.json')
  platform = at.run([], {shell: `exec "$0" drill up --out ${folder} --json > ${up}`})
  await until(() => existsSync(up) && readFileSync(up, 'utf8').includes('}\n'))
  const said = JSON.parse(readFileSync(up, 'utf8')) as {home: string; workspace: string; router: string}
  home = said.home
  router = said.router
  env = {SCRAM_HOME: home, SCRAM_WORKSPACE: said.workspace, SCRAM_DRILL: folder, PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`}
}, 60_000 + TURN_MS)
afterEach(async () => {
  await at.run(['drill', 'down'], {env})
  await platform
  await at.remove()
  giveBack()
}, 60_000)

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS))
}

/** Drives the run and kills its driver once the record has so many events; it may end before. */
async function driven(args: readonly string[], killAt: number | undefined): Promise<Ended> {
  let pid = 0
  let hasEnded = false
  const ending = at
    .run(args, {
      env,
      started: id => {
        pid = id
      },
    })
    .finally(() => {
      hasEnded = true
    })
  if (killAt !== undefined) {
    await until(() => hasEnded || events() >= killAt)
    if (!hasEnded) process.kill(pid, 'SIGKILL')
  }
  return ending
}

/** How many are recorded; the journal may not be there yet. */
function events(): number {
  try {
    using journal = new DatabaseSync(join(home, 'journal.db'), {readOnly: true})
    return Number(journal.prepare('select count(*) as n from event').get()?.['n'])
  } catch {
    return 0
  }
}

async function recorded(): Promise<readonly Said[]> {
  const {stdout} = await at.run(['timeline', 'export'], {env})
  return stdout.split('\n').flatMap(line => (line === '' ? [] : (JSON.parse(line) as Said)))
}

const UPDATES = ['investigating', 'investigating', 'identified', 'identified', 'monitoring', 'resolved']

describe('the runbook of the drill, killed', () => {
  it.each(KILLS.map(kills => ({kills})))(
    'after $kills events ends as if it had not been',
    async ({kills}) => {
      expect((await at.run(['drill', 'break'], {env})).code).toBe(0)
      const inputs = ['--input', `router=${router}`, '--input', 'auto=true']
      let ended = await driven(['run', 'drill-routing', ...inputs, '--yes'], kills[0])
      let killed = Number(ended.signal === 'SIGKILL')
      let asked = 0
      for (let tries = 0; ended.code !== 0 && tries < MOST_TRIES; tries += 1) {
        // A step in which it died twice is a person's to answer for; rods go to a position, so they say: again.
        const isAsked = ended.code === 4 && ended.stderr.includes('nobody seeing how')
        asked += Number(isAsked)
        ended = await driven([isAsked ? 'retry' : 'resume', '--yes'], kills[killed])
        killed += Number(ended.signal === 'SIGKILL')
      }
      expect({code: ended.code, stderr: ended.code === 0 ? '' : ended.stderr}).toEqual({code: 0, stderr: ''})
      expect(killed).toBe(kills.length)
      const events = await recorded()
      const of = (kind: string) => events.filter(event => event.kind === kind)
      expect(of('update.posted').map(({data}) => data.status)).toEqual(UPDATES)
      expect(of('run.finished').map(({data}) => data.outcome)).toEqual(['done'])
      expect(['incident.opened', 'incident.resolved', 'note.added'].map(kind => of(kind).length)).toEqual([1, 1, 1])
      // One intent put the rod in and one took it out, and one more for each "again" of a person; that it is still in may be
      // seen more than once in between.
      const insertions = new Set(of('rod.inserted').flatMap(({data}) => (data.to === '100%' ? [data.intent] : []))).size
      expect([insertions >= 1, insertions <= 1 + asked]).toEqual([true, true])
      expect(of('rod.withdrawn')).toHaveLength(1)
      const ends = events.flatMap(({kind, data: {step = ''}}) => (kind === 'step.finished' ? [step.replace(/#\d+$/, '')] : []))
      expect(ends).toEqual([...new Set(ends)])
      await expectTheSameDraft()
    },
    ONE_MS,
  )

  /** The record, carried to another machine, makes the same postmortem: nothing but the record is needed. */
  async function expectTheSameDraft(): Promise<void> {
    const lines = join(at.home, 'timeline.jsonl')
    const here = join(at.home, 'here.md')
    const there = join(at.home, 'there.md')
    const other = {...env, SCRAM_HOME: join(at.home, 'other')}
    const incident = (await recorded()).find(({kind}) => kind === 'incident.opened') as unknown as {incident: string}
    const draft = (out: string) => ['postmortem', 'draft', '--incident', incident.incident, '--out', out]
    await at.run([], {shell: `"$0" timeline export > ${lines}`, env})
    const ends = [await at.run(draft(here), {env}), await at.run(['timeline', 'import', lines], {env: other}), await at.run(draft(there), {env: other})]
    expect(ends.map(({code, stderr}) => ({code, stderr: code === 0 ? '' : stderr}))).toEqual([
      {code: 0, stderr: ''},
      {code: 0, stderr: ''},
      {code: 0, stderr: ''},
    ])
    // When it was written is the one thing that is not of the record.
    const [wanted = '', came = ''] = [here, there].map(file => readFileSync(file, 'utf8').replace(/^(generated: .* at: )"[^"]*"/m, '$1…'))
    expect(came).toBe(wanted)
    expect(wanted).toMatch(/api-maintenance/)
  }
})

import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from '@jest/globals'
import {identify, isAlive, type ProcessIdentity} from '../../src/drill/process-identity.ts'
import type {DrillReport} from '../../src/drill/report.ts'
import {type Ended, type Machine, machine} from '../cli/run-scram.ts'
import {drillTurn, TURN_MS} from './turn.ts'

/** A drill the machine was too busy for says so (75) and is held again: that is no failure, and no pass. */
const MOST_TRIES = 2
const INCONCLUSIVE = 75
const LOOK_EVERY_MS = 200
const ROLES = ['api', 'load', 'manager', 'router']

/** Every process below `root` that was ever seen, and the drill's role it plays, if any. */
class Family {
  readonly members = new Map<number, {readonly identity: ProcessIdentity; readonly role: string | undefined}>()
  #timer: NodeJS.Timeout | undefined

  watch(root: number): void {
    this.#meet(root)
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  look(): void {
    const parents = readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? [[Number(name), parentOf(Number(name))] as const] : []))
    for (let found = -1; found !== this.members.size; ) {
      found = this.members.size
      for (const [pid, parent] of parents) if (!this.members.has(pid) && this.members.has(parent)) this.#meet(pid)
    }
  }

  #meet(pid: number): void {
    this.members.set(pid, {identity: identify(pid), role: /\0__drill-role\0(\w+)\0/.exec(textOf(`/proc/${pid}/cmdline`))?.[1]})
  }
}

function parentOf(pid: number): number {
  const stat = textOf(`/proc/${pid}/stat`)
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // it ended meanwhile
  }
}

describe('a whole drill, by the real command', () => {
  let person: Machine
  let giveBack: () => void
  let out: string
  let ended: Ended
  const family = new Family()
  const read = (name: string) => readFileSync(join(out, name), 'utf8')

  beforeAll(async () => {
    giveBack = await drillTurn()
    person = machine()
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      out = join(person.home, `drill-${tries}`)
      ended = await person.run(['drill', 'run', '--auto', '--out', out], {started: pid => family.watch(pid)})
      family.stop()
      if (ended.code !== INCONCLUSIVE) break
    }
  }, 600_000 + TURN_MS)
  afterAll(async () => {
    await person.remove()
    giveBack()
  })

  it('ends well, and says so', () => {
    expect({code: ended.code, signal: ended.signal, stdout: ended.stdout}).toEqual({
      code: 0,
      signal: null,
      stdout: expect.stringMatching(/^routing-outage, seed \d+: every expectation held\n/),
    })
    expect(ended.stderr).toMatch(/■ ended .* done/)
  })

  it('every expectation held, in the report, too', () => {
    const report = JSON.parse(read('report.json')) as DrillReport
    expect(report).toMatchObject({schema: 'scram.drill-report/1', outcome: 'held', doubts: []})
    expect(report.expectations.length).toBeGreaterThanOrEqual(9)
    expect(report.expectations.filter(({isHeld}) => !isHeld)).toEqual([])
  })

  it('left the page as the public saw it, resolved and named a drill', () => {
    const page = read('page/index.html')
    for (const part of ['<!doctype html>', 'All Systems Operational', '>Drill: requests to applications fail</a>', 'Resolved']) expect(page).toContain(part)
    expect(JSON.parse(read('page/api/v2/summary.json'))).toMatchObject({status: {indicator: 'none'}, incidents: []})
    const {incidents} = JSON.parse(read('page/api/v2/incidents.json')) as {incidents: {status: string; incident_updates: unknown[]}[]}
    expect(incidents.map(({status}) => status)).toEqual(['resolved'])
    expect(incidents[0]?.incident_updates.length).toBeGreaterThanOrEqual(4)
  })

  it('left the record: opened first, the rod in and out, resolved', () => {
    const kinds = read('timeline.jsonl')
      .trimEnd()
      .split('\n')
      .map(line => (JSON.parse(line) as {kind: string}).kind)
    const places = ['incident.opened', 'rod.inserted', 'rod.withdrawn', 'incident.resolved'].map(kind => kinds.indexOf(kind))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  it('left a postmortem draft of it', () => {
    expect(read('postmortem.md')).toMatch(/api-maintenance/)
    expect(read('postmortem.md')).toMatch(/^# /m)
  })

  it('left no process behind', () => {
    const roles = [...family.members.values()].flatMap(({role}) => role ?? [])
    expect([...new Set(roles)].sort()).toEqual(ROLES) // else it looked in the wrong place
    expect([...family.members.values()].filter(({identity}) => isAlive(identity))).toEqual([])
  })

  it('touched nothing of the person’s own', () => {
    expect(existsSync(join(person.home, 'record'))).toBe(false)
  })
})

import {describe, expect, it} from '@jest/globals'
import {abortRun, answerRun} from '../../src/actions/answer-run.ts'
import type {Desk} from '../../src/actions/desk.ts'
import {whileHeld} from '../../src/actions/run-lease.ts'
import {runPorts} from '../../src/actions/run-ports.ts'
import type {Draft} from '../../src/incident/events.ts'
import type {Journal} from '../../src/journal/journal.ts'
import {Fault} from '../../src/lib/fault.ts'
import {bareWorkspace, memoryDesk} from './memory-desk.ts'

const INCIDENT = '0607-k7qm'
const RUN = 'r-test'
const TEXT = 'scram: 1\nrunbook: t\ntitle: T\nsteps:\n  - { id: push, run: ["true"] }\n  - { id: look, manual: Look }\n'
const signals = {stop: new AbortController().signal, kill: new AbortController().signal}
const drive = {yes: false, tell: () => undefined}

/** A run that waits for somebody to say what became of `push`. */
async function parked() {
  const desk = memoryDesk([], {workspace: bareWorkspace(null)})
  const journal = await desk.journal()
  const at = {run: RUN, step: 'push#1'}
  const started = {kind: 'run', uses: 'exec', effect: 'unsafe', resume: 'ask', title: 'Push', key: 'k', sent: {argv: ['true'], env: {}, secrets: {}}} as const
  const drafts: readonly Draft[] = [
    {kind: 'run.started', data: {run: RUN, runbook: 't', title: 'T', text: TEXT, sha256: '0'.repeat(64), path: 't.yaml', inputs: {}, mode: 'auto'}},
    {kind: 'step.started', data: {...at, ...started}},
    {kind: 'step.unknown', data: {...at, reason: 'died'}},
    {kind: 'run.parked', data: {run: RUN, step: 'push', reason: 'unknown', needs: 'someone', answers: [], exit: 4}},
  ]
  await journal.append(INCIDENT, drafts)
  return {desk, journal}
}

const held = {held: false, holder: 'pid 1', until: '2012-06-07T16:00:00.000Z', alive: true} as const

function withOther(journal: Journal, other: Partial<Journal>): Journal {
  return new Proxy(journal, {
    get(target, key) {
      const found: unknown = Reflect.get(key in other ? other : target, key)
      return typeof found === 'function' ? found.bind(target) : found
    },
  })
}

/** The same desk; what another terminal appends lands between its look at the run and its lease. */
function overtaken(desk: Desk, by: readonly Draft[]): Desk {
  let isOver = false
  return {
    ...desk,
    journal: async () => {
      const journal = await desk.journal()
      const lease: typeof journal.lease = async (...given) => {
        if (!isOver) await journal.append(INCIDENT, by)
        isOver = true
        return journal.lease(...given)
      }
      return withOther(journal, {lease})
    },
  }
}

describe('an answer typed on an old look at the run', () => {
  it('is refused when another one came first', async () => {
    const {desk} = await parked()
    const other: readonly Draft[] = [{kind: 'step.settled', data: {run: RUN, step: 'push#1', by: 'person', as: 'finished'}}]
    await expect(answerRun(overtaken(desk, other), {verb: 'retry', step: 'push'}, drive, signals)).rejects.toMatchObject({code: 'guard.refused'})
  })

  it('goes on with the run when whoever held it only answered, too, and came second', async () => {
    const {desk, journal} = await parked()
    let looks = 0
    const lease: Journal['lease'] = (...given) => (looks++ === 0 ? Promise.resolve(held) : journal.lease(...given))
    const answering: Desk = {...desk, journal: async () => withOther(journal, {lease})}
    expect(await answerRun(answering, {verb: 'done', step: 'push'}, drive, signals)).toMatchObject({outcome: 'parked', step: 'look'})
  })

  it('is left to a driver that lives', async () => {
    const {desk, journal} = await parked()
    const driven: Desk = {...desk, journal: async () => withOther(journal, {lease: () => Promise.resolve(held), leaseHolder: () => Promise.resolve(held)})}
    await journal.append(INCIDENT, [{kind: 'run.resumed', data: {run: RUN, by: 'ada'}}])
    expect(await answerRun(driven, {verb: 'done', step: 'push'}, drive, signals)).toMatchObject({driver: 'pid 1', step: 'push'})
  })

  it('an abort does not end a run twice', async () => {
    const {desk, journal} = await parked()
    const other: readonly Draft[] = [{kind: 'run.finished', data: {run: RUN, outcome: 'done', counts: {}, rodsIn: []}}]
    await expect(abortRun(overtaken(desk, other), undefined, 'wrong one')).rejects.toMatchObject({code: 'guard.refused'})
    expect((await journal.events({run: RUN})).filter(event => 'kind' in event && event.kind === 'run.finished')).toHaveLength(1)
  })
})

describe('a record that fails', () => {
  it('does not hide why the run stopped', async () => {
    const {desk} = await parked()
    const broken: Desk = {...desk, notice: () => { throw new Fault('journal.busy', 'unreadable') }} // biome-ignore format: one thought
    const hold = {held: true, lease: {name: `run/${RUN}`, fence: 1}, release: async () => undefined} as const
    const work = () => Promise.reject(new Fault('journal.unwritable', 'full'))
    await expect(whileHeld(broken, RUN, hold, work)).rejects.toMatchObject({code: 'journal.unwritable'})
  })

  it('asks once, and Ctrl-C is a no', async () => {
    const {desk, journal} = await parked()
    let asked = 0
    const stop = new AbortController()
    const confirm = (_: string, signal: AbortSignal) => {
      asked++
      stop.abort()
      return signal.aborted ? Promise.reject(new DOMException('interrupted', 'AbortError')) : new Promise<boolean>(() => undefined)
    }
    const ask = {confirm} as unknown as NonNullable<Desk['ask']>
    const failing = withOther(journal, {trouble: () => [{code: 'emergency', message: 'full'}]} as unknown as Partial<Journal>)
    const answer = await journal.lease(`run/${RUN}`)
    if (!answer.held) throw new Error('held by another')
    const ports = runPorts(
      {...desk, ask, journal: async () => failing},
      {run: RUN, incident: INCIDENT, lease: answer.lease, tell: () => undefined, stop: stop.signal},
    )
    const resumed: readonly Draft[] = [{kind: 'run.resumed', data: {run: RUN, by: 'ada'}}]
    await expect(ports.append(resumed)).rejects.toMatchObject({code: 'journal.unwritable'})
    await expect(ports.append(resumed)).rejects.toMatchObject({code: 'journal.unwritable'})
    expect(asked).toBe(1)
  })
})

import {expect, it} from '@jest/globals'
import type {Ask} from '../../src/actions/desk.ts'
import {openIncident} from '../../src/actions/open-incident.ts'
import {promptPromise} from '../../src/actions/prompt-promise.ts'
import {boardProjection, incidentProjection} from '../../src/incident/projections.ts'
import {Fault} from '../../src/lib/fault.ts'
import {SimulatedClock} from '../../src/lib/simulated-clock.ts'
import {bareWorkspace, memoryDesk} from './memory-desk.ts'

const MINUTE = 60_000

async function scene({mode = 'prompt', typed = [] as string[], agrees = false} = {}) {
  const clock = new SimulatedClock()
  const desk = memoryDesk([], {clock, workspace: bareWorkspace(null)})
  const opened = await openIncident(desk, {title: 'It fails', text: 'It fails.', next: 20 * MINUTE})
  const incident = opened.events[0]?.incident ?? ''
  const journal = await desk.journal()
  const updates = {mode: mode as 'draft', fallback: 'We are still at it.', everyMs: 15 * MINUTE}
  const run = {run: 'r-test', runbook: 'b', title: 'B', text: '', sha256: '', path: 'b.yaml', inputs: {}, mode: 'person', updates} as const
  await journal.append(incident, [{kind: 'run.started', data: run}])
  const asked: string[] = []
  const answer = <T>(question: string, value: T) => {
    asked.push(question)
    return Promise.resolve(value)
  }
  const ask: Ask = {
    text: question => answer(question, typed.shift() ?? ''),
    confirm: question => answer(question, agrees),
    choose: () => Promise.reject(new Error('nothing is chosen here')),
  }
  const between = promptPromise({...desk, choice: {...desk.choice, named: incident}}, incident, ask, new AbortController().signal)
  return {clock, desk, between, asked, updates: async () => (await journal.fold(incidentProjection(incident))).updates}
}

it('asks five minutes before the promised time and at it, each once, and posts what was typed with the next promise', async () => {
  const {clock, between, asked, updates} = await scene({typed: ['', 'We found it.']})
  await between()
  expect(asked).toEqual([])
  clock.suspend(16 * MINUTE)
  await between()
  await between()
  expect([asked.length, (await updates()).length]).toEqual([1, 1])
  clock.suspend(60 * MINUTE) // several intervals were missed: one question
  await between()
  await between()
  expect(asked).toHaveLength(2)
  expect(await updates()).toMatchObject([{}, {number: 2, body: 'We found it.'}])
})

it('posts a draft only when somebody says so', async () => {
  const refused = await scene({mode: 'draft'})
  refused.clock.suspend(21 * MINUTE)
  await refused.between()
  expect([refused.asked.at(-1), (await refused.updates()).length]).toEqual([expect.stringContaining('We are still at it.'), 1])
  const agreed = await scene({mode: 'draft', agrees: true})
  agreed.clock.suspend(21 * MINUTE)
  await agreed.between()
  expect(await agreed.updates()).toMatchObject([{}, {body: 'We are still at it.'}])
})

it('parks the run at Ctrl-C, as every question does', async () => {
  const {clock, desk, updates} = await scene()
  clock.suspend(21 * MINUTE)
  const board = await (await desk.journal()).fold(boardProjection)
  const interrupted = {text: () => Promise.reject(Object.assign(new Error('Ctrl-C'), {name: 'ExitPromptError'}))} as unknown as Ask
  expect(await promptPromise(desk, Object.keys(board.open)[0] ?? '', interrupted, new AbortController().signal)()).toBe(false)
  expect(await updates()).toHaveLength(1)
})

it('does not end the run when it cannot post or look', async () => {
  const {clock, desk, between} = await scene({typed: ['x'.repeat(200_000)]})
  clock.suspend(21 * MINUTE)
  await between()
  expect(desk.said.at(-1)).toMatch(/^! the promised update is not out: /)
  const broken = {...desk, journal: () => Promise.reject(new Fault('journal.busy', 'somebody writes'))}
  await promptPromise(broken, 'x', {} as Ask, new AbortController().signal)()
  expect(desk.said.at(-1)).toBe('! the promised update is not out: somebody writes')
})

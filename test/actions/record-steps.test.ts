import {expect, it} from '@jest/globals'
import {runPorts} from '../../src/actions/run-ports.ts'
import {actionTable} from '../../src/actions/table.ts'
import {incidentProjection} from '../../src/incident/projections.ts'
import type {JsonMap} from '../../src/runbook/ports.ts'
import {bareWorkspace, memoryDesk} from './memory-desk.ts'

const INCIDENT = '0607-k7qm'
const RUN = 'r-test'

async function scene() {
  const desk = memoryDesk([], {workspace: bareWorkspace(null)})
  const journal = await desk.journal()
  const answer = await journal.lease(`run/${RUN}`)
  if (!answer.held) throw new Error('somebody else drives it')
  const ports = runPorts(desk, {run: RUN, incident: INCIDENT, lease: answer.lease, tell: () => undefined, stop: new AbortController().signal})
  const record = (uses: string, given: JsonMap) =>
    ports.record({run: RUN, instance: 's#1', attempt: 1, key: 'k', deadline: null, uses, with: given}, {before: [], after: () => []})
  return {record, state: () => journal.fold(incidentProjection(INCIDENT))}
}

it('says with a step what one types: correct, rename, hand over, close, open again', async () => {
  const {record, state} = await scene()
  await record('open', {title: 'It fails', text: 'It fails.'})
  expect(await record('amend', {entry: '1', text: 'Requests fail.', why: 'clearer'})).toMatchObject({end: 'recorded', events: [{kind: 'update.amended'}]})
  await record('retitle', {title: 'Requests fail'})
  await record('handoff', {to: 'bo', text: 'routers patched'})
  await record('resolve', {text: 'It works again.'})
  await record('close', {})
  expect(await state()).toMatchObject({title: 'Requests fail', phase: 'closed'})
  expect(await record('reopen', {why: 'it came back'})).toMatchObject({end: 'recorded'})
  expect(await state()).toMatchObject({phase: 'open'})
})

it('fails the step where the typed command would be refused', async () => {
  const {record} = await scene()
  await record('open', {title: 'It fails'})
  expect(await record('close', {})).toMatchObject({end: 'failed', code: 'guard.refused'})
  expect(await record('amend', {entry: '7', text: 'x'})).toMatchObject({end: 'failed', code: 'entry.not-found'})
  expect(await actionTable.get('retitle')?.check({})).toMatchObject([{message: '`title` is missing'}])
})

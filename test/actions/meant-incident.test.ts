import {describe, expect, it} from '@jest/globals'
import {meantIncident} from '../../src/actions/meant-incident.ts'
import type {Draft} from '../../src/incident/events.ts'
import {boardProjection} from '../../src/incident/projections.ts'
import {memoryDesk} from './memory-desk.ts'

const opened = {kind: 'incident.opened', data: {title: 'T', severity: 'SEV3'}} as const
const resolved = {kind: 'incident.resolved', data: {}} as const

/** These incidents in the record, `used` chosen once with `scram use`. */
async function meant(incidents: Readonly<Record<string, readonly Draft[]>>, used: string, want: 'write' | 'look') {
  const desk = memoryDesk([])
  const journal = await desk.journal()
  for (const [id, events] of Object.entries(incidents)) await journal.append(id, events)
  const choice = {...desk.choice, used: async () => used}
  return meantIncident({...desk, choice}, journal, await journal.fold(boardProjection), want)
}

describe('an incident that was chosen and has ended', () => {
  it('is looked at while nothing is open', async () => {
    expect(await meant({'0607-old': [opened, resolved], '0608-last': [opened, resolved]}, '0607-old', 'look')).toBe('0607-old')
  })

  it('does not stand before the one that is going on, neither for a note nor for a correction', async () => {
    const both = {'0607-old': [opened, resolved], '0608-now': [opened]}
    expect(await meant(both, '0607-old', 'look')).toBe('0608-now')
    expect(await meant(both, '0607-old', 'write')).toBe('0608-now')
  })

  it('leaves the question open where several are going on', async () => {
    const three = {'0607-old': [opened, resolved], '0608-a': [opened], '0608-b': [opened]}
    await expect(meant(three, '0607-old', 'look')).rejects.toMatchObject({code: 'incident.several'})
  })
})

describe('a choice this record knows nothing of', () => {
  it.each(['0101-gone', 'constructor'])('%s counts for nothing', async used => {
    expect(await meant({'0608-last': [opened, resolved]}, used, 'look')).toBe('0608-last')
    expect(await meant({'0608-now': [opened]}, used, 'write')).toBe('0608-now')
  })
})

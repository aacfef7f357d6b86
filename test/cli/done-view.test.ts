import {describe, expect, it} from '@jest/globals'
import {doneView} from '../../src/cli/views/done.ts'
import {incidentLines, useView} from '../../src/cli/views/incident.ts'
import {emptyBoard} from '../../src/incident/board-state.ts'
import type {Draft} from '../../src/incident/events.ts'
import {fold} from '../../src/incident/evolve.ts'
import {history, ID, START_MS} from '../incident/history.ts'

const opened = {kind: 'incident.opened', data: {title: 'T', severity: 'SEV3'}} as const
const note = (text: string) => ({kind: 'note.added', data: {noteKind: 'note', text}}) as const

describe('the echo of what was recorded', () => {
  it('shows a text whole, and of a log only its beginning and its length', () => {
    const echo = (text: string) => doneView({events: history(note(text)), undelivered: []}).text.join('\n')
    expect(echo('two\nlines')).toContain('two ⏎ lines')
    const long = echo('x'.repeat(500_000))
    expect(long.length).toBeLessThan(2200)
    expect(long).toContain('(500000 characters recorded)')
  })
})

describe('how long an incident took', () => {
  const heading = (...drafts: readonly Draft[]) => incidentLines(fold(ID, history(...drafts)), emptyBoard(), START_MS + 3_600_000)[0]
  it('goes on while it is open and stands still after its end', () => {
    expect(heading(opened)).toMatch(/\(open for 1h\)/)
    expect(heading(opened, {kind: 'incident.resolved', data: {}, at: new Date(START_MS + 60_000).toISOString()})).toMatch(/\(resolved after 1m\)/)
    const merged = {kind: 'incident.merged', data: {into: '0607-bbbb00000000'}, at: new Date(START_MS + 120_000).toISOString()} as const
    expect(heading(opened, merged)).toMatch(/\(merged after 2m\)/)
  })
})

describe('choosing an incident', () => {
  it('says that one which has ended does not count while another is open', () => {
    expect(useView(fold(ID, history(opened))).text[0]).toContain('is the current incident of this machine')
    expect(useView(fold(ID, history(opened, {kind: 'incident.resolved', data: {}}))).text[0]).toContain('while no other is open')
  })
})

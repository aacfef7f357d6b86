import {describe, expect, it} from '@jest/globals'
import type {MovedRod} from '../../src/actions/move-rod.ts'
import {movedView} from '../../src/cli/views/rod.ts'
import type {Outcome, TargetOutcome} from '../../src/incident/events.ts'
import {recorder} from '../incident/history.ts'
import {memoryDriver, memoryWorld} from '../rods/memory-driver.ts'
import {testRod} from '../rods/test-rod.ts'

const rod = testRod({driver: memoryDriver(memoryWorld(), ['withdrawn', 'inserted']), probes: []})
const shown = (targets: readonly TargetOutcome[], more: Partial<Outcome> = {}) => {
  const data = {rod: rod.id, to: 'inserted', why: 'w', intent: 'i', targets, ...more}
  const outcome = recorder()({kind: 'rod.unverified', data}) as MovedRod['outcome'] // of the kind that was just written
  const {text, exit} = movedView({rod, intent: null, outcome})
  return {exit, head: text[0]?.replace(/.*api-maintenance /, ''), lines: text.slice(1)}
}
const acknowledged = {ms: 1, detail: 'took it'}
const readBack = (position: string) => ({position, ms: 2, evidence: 'e'})
const error = (code: string) => ({code, reason: 'so it was'})

describe('a move that is not verified', () => {
  it('says whether it was sent', () => {
    expect(shown([{target: '', acknowledged, readBack: readBack('withdrawn')}]).head).toBe("UNVERIFIED: sent, but nothing on the users' path shows it")
    expect(shown([{target: '', error: error('rod.unanswered')}])).toMatchObject({
      head: expect.stringContaining('sent, but'),
      lines: expect.arrayContaining(['  no answer     so it was']),
    })
    expect(shown([{target: '', error: error('rod.unreachable')}])).toMatchObject({
      head: 'UNVERIFIED: nothing was sent, and nobody can tell where it stands',
      lines: expect.arrayContaining(['  not sent      so it was']),
    })
    expect(shown([{target: '', readBack: readBack('unknown')}], {settles: 'i'}).head).toBe("UNVERIFIED: nothing on the users' path shows it")
  })

  it('says how many of its targets follow, and exits with 3', () => {
    const there = {acknowledged, readBack: readBack('inserted')}
    const dead = {target: 'lb4', error: error('rod.unreachable'), readBack: readBack('unknown')}
    const four = [{target: 'lb1', ...there}, {target: 'lb2', ...there}, {target: 'lb3', ...there}, dead]
    expect(shown(four)).toMatchObject({
      exit: 3,
      head: 'PARTIAL 3/4: not every target follows',
      lines: expect.arrayContaining(['  not sent      lb4: so it was']),
    })
  })
})

import {describe, expect, it} from '@jest/globals'
import {parse} from 'yaml'
import {fold} from '../../src/incident/evolve.ts'
import {draftPostmortem} from '../../src/postmortem/draft.ts'
import {goldenDay} from './golden-day.ts'
import {blockText, readMarkdown, rows} from './read-markdown.ts'

const {incident, events, components} = goldenDay()
const draft = draftPostmortem({
  state: fold(incident, events),
  events,
  components,
  now: '2012-06-08T10:00:00.000Z',
  generatedBy: 'scram test',
  layout: 'scram',
  redact: [],
  policyMs: 30 * 60_000,
})
const read = readMarkdown(draft.markdown)
const row = (block: string, key: string) => rows(read, block).find(([first]) => first === key)
const front = parse(/^---\n([\s\S]*?)\n---\n/.exec(draft.markdown)?.[1] ?? '')

describe('the draft of 2012-06-07', () => {
  it('begins the impact at 15:52:41, with the date and UTC', () => {
    expect(front).toMatchObject({impact_start: '2012-06-07T15:52:41.000Z', impact_end: '2012-06-07T18:08:41.000Z', impact_end_precision: 'PT1M'})
    expect(blockText(read, 'summary-facts')).toContain('Impact began on 2012-06-07 at 15:52:41 UTC (stated)')
  })

  it.each(['Production', 'Development'])('%s: 2h16m, of it about 30m complete, about 1h30m with the extent as a range, and the rest not dropped', name => {
    expect(row('impact', name)).toEqual([name, '2h16m', '~30m', '~1h30m (10–15 % of HTTP traffic)', '~16m', '15:52:41', '18:08:41 ±1m', 'stated'])
  })

  it('takes the union over both, not their sum', () => {
    expect(blockText(read, 'impact')).toContain('(not a sum): 2h16m.')
    expect(draft.markdown).not.toContain('4h32m')
  })

  it('counts no minute of the rod as impact', () => {
    const api = row('impact', 'API') ?? []
    expect(api.slice(1, 5)).toEqual(['–', '–', '–', '–'])
    expect(api[7]).toContain('planned: ')
  })

  it.each([
    ['detect', 'not recorded'],
    ['acknowledge', 'not recorded'],
    ['engage', '≤ 2m'],
    ['public', '3m'],
    ['diagnose', '≤ 7m'],
    ['silence', '3m10s'],
    ['mitigate', '~30m'],
  ])('%s: %s', (measure, printed) => {
    expect(row('measures', measure)?.[1]).toBe(printed)
  })

  it('rests what was stated on who stated it, not on clock times that would look like proof', () => {
    for (const measure of ['engage', 'public', 'diagnose']) {
      expect(row('measures', measure)?.[2]).toMatch(/^first alert → /)
      expect(row('measures', measure)?.[2]).not.toMatch(/\d\d:\d\d/)
      expect(row('measures', measure)?.[3]).toBe('stated')
    }
  })

  it('holds one rod for more than half of the impact, in at update 6 and out by update 7', () => {
    const [rod, ...others] = rows(read, 'rods')
    expect(others).toEqual([])
    const share = Number.parseInt(rod?.[4]?.replace('~', '') ?? '', 10)
    expect(share).toBeGreaterThan(50)
    expect(share).toBeLessThanOrEqual(84)
    expect(blockText(read, 'rods')).not.toContain('Left in')
  })

  it('shows the status site as an impaired component of its own, and that public was not readable', () => {
    expect(row('impact', 'status.example.net')?.[7]).toBe('assumed')
    expect(blockText(read, 'second-failures')).toContain('status.example.net (communication)')
    expect(blockText(read, 'observations')).toContain('was impaired when update 1 was posted')
  })

  it('lists nine updates, oldest first, recorded ones to the second, with the gaps between them', () => {
    const updates = rows(read, 'updates')
    expect(updates.map(([number]) => number)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9'])
    expect(updates.slice(0, 7).map(cells => cells[2])).toEqual(['15:55:51', '15:58:56', '16:15:25', '16:36:37', '16:50:21', '17:16:40', '17:47:26'])
    expect(updates.slice(1, 7).map(cells => cells[3])).toEqual(['3m05s', '16m29s', '21m12s', '13m44s', '26m19s', '30m46s'])
  })

  it('marks in the timeline what was told afterwards, and only that', () => {
    const updates = rows(read, 'timeline').filter(cells => cells[3]?.startsWith('update ') && cells[3].includes(' of 9,'))
    expect(updates.slice(0, 7).every(cells => !/[~†]/.test(cells[0] ?? ''))).toBe(true)
    expect(updates.slice(7).every(cells => /^~.*†$/.test(cells[0] ?? ''))).toBe(true)
    expect(rows(read, 'timeline')).toHaveLength(events.length)
  })

  it('has one silence over 30 minutes, 30m46s, which the change of update 6 does not interrupt', () => {
    const [, value, between] = row('measures', 'update cadence') ?? []
    expect(value).toContain('longest silence 30m46s, 1 over the policy of 30m')
    expect(between).toBe('update 6 → update 7')
  })

  it('lists the change of update 6, its old text not recorded', () => {
    const [correction] = rows(read, 'timeline', 1)
    expect(correction).toMatchObject([
      '00000018',
      'update 6, text',
      'not recorded',
      expect.stringContaining('maintenance mode'),
      '2012-06-07 17:26:55',
      'comms',
      '',
    ])
  })

  it('keeps the promised postmortem open', () => {
    expect(blockText(read, 'promises')).toBe('Update 9 promised a postmortem.')
  })

  it('prints no assumed time as if it were known', () => {
    const assumed = ['15:54:51', '15:59:51', '16:06:00', '16:07:00', '16:30:00', '17:15:00', '17:30:00', '17:38:00', '17:55:00']
    const body = draft.markdown.replace(/^---\n[\s\S]*?\n---\n/, '')
    for (const time of assumed) expect(body.replaceAll(`\\~${time} ±1m`, '')).not.toContain(time)
    expect(body.replaceAll('18:08:41 ±1m', '')).not.toContain('18:08:41')
  })

  it('prints no duration finer than its worst end, and no mean', () => {
    expect(draft.markdown).not.toMatch(/2h16m00s|30m00s|13m19s|MTT[RDA]|\bmean\b|\baverage\b/i)
  })

  it('reading a of the published 2h16m: declared 2h13m, response about 2h16m', () => {
    expect(row('measures', 'declared')?.[1]).toBe('2h13m')
    expect(row('measures', 'response')?.[1]).toBe('~2h16m')
  })

  it('filler, regression only: rod about 1h32m and 68 %, status site about 1h34m, readable about 37m', () => {
    expect(rows(read, 'rods')[0]?.slice(3, 5)).toEqual(['~1h32m', '~68 %'])
    expect(row('impact', 'status.example.net')?.[1]).toBe('~1h34m')
    expect(row('measures', 'readable')?.[1]).toBe('~37m')
  })

  it('writes no cause: every human part is open, marked and says that nothing was established', () => {
    expect(draft.unwritten).toEqual(['summary', 'customer-impact', 'contributing-factors', 'second-failure', 'lessons', 'action-items'])
    expect(front.unwritten).toEqual(draft.unwritten)
    for (const id of draft.unwritten) expect(draft.markdown).toContain(`<!-- scram:todo ${id} -->\n\n> **TO WRITE: `)
    expect(draft.markdown.match(/Nothing has been established here yet; an empty section is not a finding\./g)).toHaveLength(draft.unwritten.length)
    expect(draft.markdown).toContain(`Draft. ${draft.unwritten.length} parts are still to be written.`)
  })
})

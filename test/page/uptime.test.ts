import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {COMPONENT_STATUSES, type ComponentStatus} from '../../src/incident/words.ts'
import {componentHistory, percent} from '../../src/page/uptime.ts'

const change = (at: string, status: ComponentStatus) => ({at, recorded: at, status})
const spell = (from: string, to: string, status: ComponentStatus) => [change(from, status), change(to, 'operational')]
const history = (changes: readonly ReturnType<typeof change>[], start: string | null = '2025-01-01', until = '2026-03-14T12:00:00.000Z') =>
  componentHistory(changes, start, '2026-03-14', until)
const shown = (changes: readonly ReturnType<typeof change>[], start?: string) => percent(history(changes, start).uptime ?? Number.NaN)
const FROM = '2026-03-10T10:00:00.000Z'
const TO = '2026-03-10T12:16:00.000Z'

describe('uptime over ninety days', () => {
  it('of 2h16m of major outage is 99.895 %, of partial outage 99.968 %', () => {
    expect(shown(spell(FROM, TO, 'major_outage'))).toBe('99.895')
    expect(shown(spell(FROM, TO, 'partial_outage'))).toBe('99.968')
  })

  it('counts neither degraded performance nor maintenance', () => {
    expect(shown(spell(FROM, TO, 'degraded_performance'))).toBe('100')
    expect(shown(spell(FROM, TO, 'under_maintenance'))).toBe('100')
  })

  it('of one millisecond of outage is not 100 %', () => {
    expect(shown(spell(FROM, '2026-03-10T10:00:00.001Z', 'partial_outage'))).toBe('99.999')
  })

  it('of a component made that day is counted over that day alone', () => {
    expect(shown(spell('2026-03-14T10:00:00.000Z', '2026-03-14T12:16:00.000Z', 'major_outage'), '2026-03-14')).toBe('90.555')
    expect(shown(spell('2026-03-14T10:00:00.000Z', '2026-03-14T12:16:00.000Z', 'partial_outage'), '2026-03-14')).toBe('97.166')
  })

  it('is unknown where nothing is known', () => {
    expect(history([], null)).toMatchObject({uptime: null, knownDays: 0, days: Array(90).fill(null)})
  })

  it('counts what began before the window from its edge, and what still lasts up to the newest fact', () => {
    expect(shown(spell('2025-06-01T00:00:00.000Z', '2025-12-15T02:16:00.000Z', 'major_outage'))).toBe('99.895')
    expect(shown([change('2026-03-14T09:44:00.000Z', 'major_outage')])).toBe('99.895')
  })
})

describe('the days of a component', () => {
  const troubled = (changes: readonly ReturnType<typeof change>[], start?: string) =>
    history(changes, start).days.flatMap((status, i) => (status === null || status === 'operational' ? [] : [[i - 89, status]]))

  it('wear their worst status, however short it was', () => {
    const both = [change(FROM, 'major_outage'), change('2026-03-10T10:00:01.000Z', 'degraded_performance'), change(TO, 'operational')]
    expect(troubled(both)).toEqual([[-4, 'major_outage']])
  })

  it('are all marked that an outage crosses, and not the one at whose midnight it ends', () => {
    expect(troubled(spell('2026-03-10T23:59:00.000Z', '2026-03-12T00:00:00.000Z', 'partial_outage'))).toEqual([
      [-4, 'partial_outage'],
      [-3, 'partial_outage'],
    ])
  })

  it('before it existed are not known', () => {
    expect(history([], '2026-03-12').days.slice(-4)).toEqual([null, 'operational', 'operational', 'operational'])
  })

  it('go on while nobody has set it back, to the day of the build', () => {
    expect(history([change('2026-03-12T08:00:00.000Z', 'major_outage')], '2025-01-01', '2026-03-12T08:00:00.000Z').days.slice(-4)).toEqual([
      'operational', 'major_outage', 'major_outage', 'major_outage',
    ]) // biome-ignore format: days in a row
  })

  it('cross a leap day like any other', () => {
    const leap = componentHistory(spell('2028-02-28T12:00:00.000Z', '2028-03-01T12:00:00.000Z', 'major_outage'), '2028-01-01', '2028-03-02', null)
    expect(leap.days.slice(-5)).toEqual(['operational', 'major_outage', 'major_outage', 'major_outage', 'operational'])
  })

  it('and the percentage stay within bounds whatever the history', () => {
    const instants = fc.date({min: new Date('2025-01-01'), max: new Date('2027-01-01'), noInvalidDate: true}).map(date => date.toISOString())
    const changes = fc.array(
      fc.tuple(instants, fc.constantFrom(...COMPONENT_STATUSES)).map(([at, status]) => change(at, status)),
      {maxLength: 12},
    )
    fc.assert(
      fc.property(changes, fc.option(fc.constantFrom('2025-06-01', '2026-03-01', '2026-09-01')), (list, start) => {
        const {days, uptime, knownDays} = history(
          list.toSorted((a, b) => (a.at < b.at ? -1 : 1)),
          start,
        )
        expect(days).toHaveLength(90)
        expect(days.filter(each => each !== null).length).toBe(knownDays)
        expect(uptime === null ? knownDays : uptime).toBeGreaterThanOrEqual(0)
        expect(uptime ?? 0).toBeLessThanOrEqual(100_000)
      }),
    )
  })
})

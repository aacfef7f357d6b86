import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {COMPONENT_STATUSES, type ComponentStatus, PUBLIC_IMPACTS} from '../../src/incident/words.ts'
import {rollUp} from '../../src/page/roll-up.ts'

const SHORT: {readonly [letter: string]: ComponentStatus} = {
  o: 'operational',
  u: 'under_maintenance',
  d: 'degraded_performance',
  p: 'partial_outage',
  M: 'major_outage',
}
const said = (letters: string) => {
  const {indicator, description} = rollUp([...letters].map(letter => SHORT[letter] ?? 'operational'))
  return `${indicator}: ${description}`
}

describe('the line for the whole page', () => {
  // Written out by hand from the table: the texts are matched word for word by other people's programs.
  it.each([
    ['M', 'critical: Major System Outage'],
    ['p', 'major: Partial System Outage'],
    ['d', 'minor: Partially Degraded Service'],
    ['u', 'maintenance: Service Under Maintenance'],
    ['o', 'none: All Systems Operational'],
    ['MM', 'critical: Major System Outage'],
    ['Mo', 'major: Partial System Outage'],
    ['MMMu', 'major: Partial System Outage'],
    ['pp', 'major: Partial System Outage'],
    ['pM', 'major: Partial System Outage'],
    ['po', 'minor: Minor Service Outage'],
    ['pdu', 'minor: Minor Service Outage'],
    ['dd', 'minor: Degraded System Service'],
    ['do', 'minor: Partially Degraded Service'],
    ['du', 'minor: Partially Degraded Service'],
    ['uo', 'maintenance: Service Under Maintenance'],
    ['oooo', 'none: All Systems Operational'],
  ])('of %s is %s', (letters, line) => expect(said(letters)).toBe(line))

  it('goes by the open incidents where there is no component at all', () => {
    expect(PUBLIC_IMPACTS.map(impact => rollUp([], impact).description)).toEqual([
      'All Systems Operational',
      'Minor Service Outage',
      'Partial System Outage',
      'Major System Outage',
    ])
  })

  it('does not depend on the order, and never says all is well while something is not', () => {
    const statuses = fc.array(fc.constantFrom(...COMPONENT_STATUSES), {minLength: 1, maxLength: 4})
    fc.assert(
      fc.property(statuses, list => {
        expect(rollUp(list.toReversed())).toEqual(rollUp(list))
        expect(rollUp(list).indicator === 'none').toBe(list.every(status => status === 'operational'))
      }),
    )
  })
})

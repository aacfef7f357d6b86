import {describe, expect, it} from '@jest/globals'
import {beginLine, runView} from '../../src/cli/views/run.ts'

const news = {event: 'step.waiting', at: '2012-06-07T23:50:00.000Z', run: 'r-4qm7abcdefgh', step: 'soak', title: 'wait 15m'} as const

describe('a run in lines', () => {
  it('says until when it waits, once, with the day where it is another one', () => {
    expect(beginLine({...news, until: '2012-06-07T23:55:00.000Z'})).toBe('… waits    23:50:00Z  soak           wait 15m  until 23:55:00Z')
    expect(beginLine({...news, until: '2012-06-08T00:05:00.000Z'})).toMatch(/until 2012-06-08 00:05:00Z$/)
  })

  it('that parked before anything was done says so', () => {
    const parked = {
      run: 'r-4qm7abcdefgh',
      outcome: 'parked',
      exit: 4,
      step: 'look',
      reason: 'manual',
      needs: 'a person: look',
      answers: [],
      counts: {finished: 0, failed: 0, skipped: 0},
      outputs: {},
      rodsIn: [],
      undelivered: [],
    } as const
    expect(runView(parked).text[0]).toBe('run r-4qm7 parked at look: nothing done yet')
  })
})

import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {Fault} from '../../src/lib/fault.ts'
import {parseInstant} from '../../src/lib/times.ts'

const NOW = Date.parse('2026-11-24T16:20:00Z')

async function read(text: string, now = NOW): Promise<string> {
  return new Date((await parseInstant(text, {now})).epochMs).toISOString()
}

async function refused(text: string, now = NOW): Promise<Fault> {
  const fault = await parseInstant(text, {now}).then(
    ({epochMs}) => new Date(epochMs),
    (error: unknown) => error,
  )
  if (!(fault instanceof Fault)) throw new Error(`${text} was taken for ${String(fault)}`)
  expect(fault.code).toBe('time.invalid')
  return fault
}

describe('a time as typed', () => {
  it.each([
    ['-5m', '2026-11-24T16:15:00.000Z', 60_000],
    ['-1h30m', '2026-11-24T14:50:00.000Z', 60_000],
    ['-90s', '2026-11-24T16:18:30.000Z', 1000],
    ['-2h', '2026-11-24T14:20:00.000Z', 3_600_000],
    ['15:52', '2026-11-24T15:52:00.000Z', 60_000],
    ['15:52:41', '2026-11-24T15:52:41.000Z', 1000],
    ['15:52Z', '2026-11-24T15:52:00.000Z', 60_000],
    ['9:05', '2026-11-24T09:05:00.000Z', 60_000],
    ['16:21', '2026-11-24T16:21:00.000Z', 60_000],
    ['16:22', '2026-11-23T16:22:00.000Z', 60_000],
    ['2012-06-07T15:52:41Z', '2012-06-07T15:52:41.000Z', 1000],
    ['2012-06-07t15:52:41z', '2012-06-07T15:52:41.000Z', 1000],
    ['2012-06-07 15:52:41 UTC', '2012-06-07T15:52:41.000Z', 1000],
    ['2012-06-07T15:52:41.5789+02:00', '2012-06-07T13:52:41.578Z', 1],
    ['2012-06-07 15:52 -0330', '2012-06-07T19:22:00.000Z', 60_000],
    ['15:52 Europe/Berlin', '2026-11-24T14:52:00.000Z', 60_000],
    ['17:21 Europe/Berlin', '2026-11-24T16:21:00.000Z', 60_000],
    ['17:22 Europe/Berlin', '2026-11-23T16:22:00.000Z', 60_000],
    ['2026-07-01T12:00 America/New_York', '2026-07-01T16:00:00.000Z', 60_000],
    ['2012-06-07 15:52 America/Argentina/Buenos_Aires', '2012-06-07T18:52:00.000Z', 60_000],
  ])('%s', async (text, instant, precisionMs) => {
    expect(await read(text)).toBe(instant)
    expect(await parseInstant(text, {now: NOW})).toMatchObject({precisionMs, basis: 'stated'})
  })

  it('takes the day of the zone that was meant, not of UTC', async () => {
    const lateInUtc = Date.parse('2026-11-24T23:30:00Z')
    expect(await read('08:00 Asia/Tokyo', lateInUtc)).toBe('2026-11-24T23:00:00.000Z')
    const earlyInUtc = Date.parse('2026-11-24T02:00:00Z')
    expect(await read('17:30 America/Los_Angeles', earlyInUtc)).toBe('2026-11-24T01:30:00.000Z')
    expect(await read('20:30-08:00', earlyInUtc)).toBe('2026-11-23T04:30:00.000Z')
  })

  it('that clocks showed twice is refused, with both instants to paste', async () => {
    const {hints, message} = await refused('2025-11-02 01:30 America/New_York')
    expect(message).toContain('twice')
    expect(hints).toEqual(['--at 2025-11-02T05:30:00Z', '--at 2025-11-02T06:30:00Z'])
    for (const hint of hints) expect(await read(hint.replace('--at ', ''))).toContain('2025-11-02')
  })

  it('that clocks never showed is refused, with what was nearly meant', async () => {
    const {hints, message} = await refused('2026-03-08T02:30 America/New_York')
    expect(message).toContain('put forward')
    expect(hints).toEqual(['--at 2026-03-08T06:30:00Z', '--at 2026-03-08T07:30:00Z'])
  })

  it('without a date is not refused for tomorrow’s gap', async () => {
    expect(await read('02:30 America/New_York', Date.parse('2026-03-07T18:00:00Z'))).toBe('2026-03-07T07:30:00.000Z')
  })

  it.each([
    '',
    'yesterday',
    '5m',
    '15',
    '24:00',
    '15:60',
    '15:52:60',
    '2026-02-31 10:00',
    '2026-13-01T10:00Z',
    '-5',
    '-5x',
    '15:52 Moon/Base',
    '15:52+99:00',
    '1'.repeat(1000),
  ])('%s is refused', async text => {
    const {message} = await refused(text)
    expect(message.length).toBeLessThan(200)
  })

  it('in the future, or before 2000, is refused with the present and what is accepted', async () => {
    const future = await refused('2026-11-24T16:21:01Z')
    expect(future.message).toBe('"2026-11-24T16:21:01Z" is in the future (2026-11-24T16:21:01.000Z); it is 2026-11-24T16:20:00.000Z now')
    expect(future.hints.join()).toContain('-5m')
    expect((await refused('1999-12-31T23:59:59Z')).message).toContain('before the year 2000')
  })

  it('round-trips from any instant since 2000, and ends in an instant or a refusal for anything else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({min: Date.UTC(2000, 0, 1), max: NOW}), async epochMs => {
        expect((await parseInstant(new Date(epochMs).toISOString(), {now: NOW})).epochMs).toBe(epochMs)
      }),
    )
    const anything = fc.oneof(fc.string(), fc.stringMatching(/^-?[\d:TZ+. -]{0,25}$/))
    await fc.assert(
      fc.asyncProperty(anything, async text => {
        await parseInstant(text, {now: NOW}).catch((error: unknown) => expect(error).toBeInstanceOf(Fault))
      }),
    )
  })
})

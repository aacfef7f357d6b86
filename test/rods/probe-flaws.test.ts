import {describe, expect, it} from '@jest/globals'
import type {HttpProbeSection, ProbeSection} from '../../src/rods/open-probe.ts'
import type {PositionSetting} from '../../src/rods/position.ts'
import {rodOf} from './open-driver.ts'

const http = (more: Partial<HttpProbeSection>): ProbeSection => ({
  http: {url: 'http://api.example.com/ping', method: 'GET', headers: {}, timeout: 500, expect: {}, ...more},
})
const refusal = async (positions: PositionSetting, probe: ProbeSection, timeout = 30_000) => {
  try {
    await rodOf({positions, probe, verify: {timeout, every: 500, consecutive: 3}}).probes()
    return null
  } catch (error) {
    return (error as Error).message
  }
}
const quarters = {percent: {step: 25}}
const rates = {rate: [0, 10, 25, 'none'] as const}
const share = {status: 429, samples: 400, tolerance: 8}
const ends = {none: {status: 200}, '0': {status: 503}}
const count = {json: '$.admitted', over: 4000}

describe('a share', () => {
  it('that can tell the positions apart is taken', async () => {
    expect(await refusal(quarters, http({share}))).toBeNull()
    expect(await refusal(quarters, http({share, expect: {withdrawn: {status: 200}}}))).toBeNull()
  })

  it.each<[PositionSetting, Partial<HttpProbeSection>, number, string]>([
    [['withdrawn', 'inserted'], {share}, 30_000, 'probe.http.share: share is for percent rods; this one has withdrawn, inserted'],
    [
      {percent: {step: 16}},
      {share},
      30_000,
      'probe.http.share.tolerance: 8 points reach halfway to the next position, 4 away: both would fit; it must be below 2, which takes 5626 samples or more',
    ],
    [
      {percent: {step: 10}},
      {share},
      30_000,
      'probe.http.share.tolerance: 8 points reach halfway to the next position, 10 away: both would fit; it must be below 5, which takes 901 samples or more',
    ],
    [quarters, {share}, 5000, 'probe.http.share.samples: 400 samples take 8 s, at most 50 a second; verify.timeout is 5 s'],
    [
      quarters,
      {share, expect: {'100': {status: 429}}},
      30_000,
      'probe.http.expect: beside share, expect says what an admitted request is answered: withdrawn, and nothing else',
    ],
    [quarters, {share, masked_by: ['api-maintenance']}, 30_000, 'probe.http.masked_by: a rod does not mask itself'],
  ])('of %j with %j is refused with its place', async (positions, more, timeout, message) => {
    expect(await refusal(positions, http(more), timeout)).toBe(message)
  })
})

describe('a count', () => {
  it('that can tell a rate from a higher one is taken', async () => {
    expect(await refusal(rates, http({count, expect: ends}))).toBeNull()
    expect(await refusal({rate: [10, 'none']}, http({count, expect: {none: {status: 200}}}))).toBeNull()
  })

  it.each<[PositionSetting, Partial<HttpProbeSection>, number, string]>([
    [quarters, {count, expect: {}}, 30_000, 'probe.http.count: count is for rate rods; this one has withdrawn, 25%, 50%, 75%, 100%'],
    [rates, {count, expect: {none: {status: 200}}}, 30_000, 'probe.http.expect: expect must say what 0/s looks like: a counter does not show it'],
    [
      rates,
      {count, expect: {...ends, '10': {status: 200}}},
      30_000,
      'probe.http.expect: beside count, expect says what withdrawn and 0/s look like, and nothing else',
    ],
    [
      {rate: [1, 'none']},
      {count, expect: {none: {status: 200}}},
      30_000,
      'probe.http.count.over: 4 s hold too few requests at 1/s to tell it from a rate 1.2 times as high; at least 5 s',
    ],
    [rates, {count, expect: ends}, 3000, 'probe.http.count.over: 4 s are longer than verify.timeout, 3 s'],
  ])('of %j with %j is refused with its place', async (positions, more, timeout, message) => {
    expect(await refusal(positions, http(more), timeout)).toBe(message)
  })
})

describe('a bypass', () => {
  const bypass = (section: ProbeSection) => rodOf({bypass: section}).bypass()

  it.each<[ProbeSection, string]>([
    [http({expect: {withdrawn: {status: 200}, inserted: {status: 503}}}), 'bypass.http.expect: must say what withdrawn looks like and nothing else'],
    [http({expect: {inserted: {status: 200}}}), 'bypass.http.expect: must say what withdrawn looks like'],
    [http({expect: {withdrawn: {status: 200}}, masked_by: ['x']}), 'bypass.http.masked_by: a bypass is one answer'],
    [http({share}), 'bypass.http.share: a bypass is one answer'],
    [{tcp: {host: 'x', port: 1, timeout: 1, expect: {withdrawn: 'open', inserted: 'open'}}}, 'bypass.tcp.expect: must say'],
  ])('%j is refused with its place', async (section, message) => {
    await expect(bypass(section)).rejects.toMatchObject({code: 'config.invalid', message: expect.stringContaining(message)})
  })

  it('need not be', async () => {
    expect(await rodOf({}).bypass()).toBeNull()
  })
})

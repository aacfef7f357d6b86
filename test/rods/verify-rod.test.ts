import {describe, expect, it} from '@jest/globals'
import {systemClock} from '../../src/lib/clock.ts'
import type {Driver, Probe} from '../../src/rods/rod.ts'
import {verifyRod} from '../../src/rods/verify-rod.ts'
import {testRod} from './test-rod.ts'

const driverAt = (position: string): Driver => ({
  targets: [''],
  can: {named: true, percent: false, rate: false, cas: false, ttl: false, survivesRestart: true},
  reaches: [],
  plan: () => [],
  set: async () => {
    throw new Error('verify must not move anything')
  },
  read: async () => ({position, evidence: `reads ${position}`}),
})
const probeAt = (position: string): Probe => ({
  name: 'edge',
  reaches: [],
  maskedBy: [],
  look: async () => ({position, fits: position === 'unknown' ? [] : [position], evidence: `sees ${position}`}),
})
const verify = (read: string, probe: string | null, to = 'inserted') =>
  verifyRod(
    testRod({driver: driverAt(read), probes: probe === null ? [] : [probeAt(probe)]}),
    {to, why: 'settle'},
    {clock: systemClock, signal: new AbortController().signal},
  )

describe('asking how an earlier move ended', () => {
  it.each([
    ['inserted', 'inserted', 'rod.inserted'],
    ['unknown', 'inserted', 'rod.inserted'],
    ['withdrawn', 'inserted', 'rod.inserted'],
    ['withdrawn', 'withdrawn', 'rod.jammed'],
    ['withdrawn', null, 'rod.jammed'],
    ['inserted', 'withdrawn', 'rod.unverified'],
    ['unknown', 'withdrawn', 'rod.unverified'],
    ['withdrawn', 'unknown', 'rod.unverified'],
    ['inserted', null, 'rod.unverified'],
  ])('reads %s, probe sees %s: %s', async (read, probe, kind) => {
    expect((await verify(read, probe)).kind).toBe(kind)
  })

  it('settles a withdrawal as withdrawn', async () => {
    expect(await verify('withdrawn', 'withdrawn', 'withdrawn')).toMatchObject({kind: 'rod.withdrawn', data: {to: 'withdrawn', why: 'settle'}})
  })

  it.each(['unknown', null])('is unreachable when neither side answers (probe: %s)', async probe => {
    await expect(verify('unknown', probe)).rejects.toMatchObject({code: 'rod.unreachable'})
  })
})

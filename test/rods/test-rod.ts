import type {Driver, Probe, Rod} from '../../src/rods/rod.ts'
import {makeLadder} from '../../src/rods/withdrawal/ladder.ts'

interface TestRod {
  readonly driver: Driver
  readonly probes: readonly Probe[]
  readonly positions?: readonly string[]
  readonly timeoutMs?: number
  readonly consecutive?: number
  readonly bypass?: () => Promise<Probe | null>
}

/** A rod around a driver that is already open, with a quick verification. */
export function testRod({driver, probes, positions = ['withdrawn', 'inserted'], timeoutMs = 50, consecutive = 2, bypass = async () => null}: TestRod): Rod {
  return {
    id: 'api-maintenance',
    title: 'Lock down the API',
    what: 'All writes by customers',
    spares: 'Running apps',
    components: ['api'],
    positions,
    fullyIn: positions.at(-1) ?? 'inserted',
    expiresMs: 7_200_000,
    verify: {timeoutMs, everyMs: 1, consecutive},
    rules: {conflicts: [], requires: [], keepOneOf: [], cooldownMs: 0, approvals: {insert: 1, withdraw: 1}},
    onExpiry: 'remind',
    onPartialWithdraw: 'stop',
    isGuarded: false,
    runsWithout: [],
    driverName: 'memory',
    secrets: () => [],
    driver: async () => driver,
    probes: async () => probes,
    bypass,
    withdrawal: async () => ({ladder: makeLadder(positions), guarded: null, via: null, reaches: []}),
  }
}

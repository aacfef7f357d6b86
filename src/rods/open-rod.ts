import type {Position} from '../incident/events.ts'
import type {RodRules} from '../incident/intentions.ts'
import {defined} from '../lib/defined.ts'
import {nearest} from '../lib/nearest.ts'
import {openProbe, type ProbePlace, type ProbeSection} from './open-probe.ts'
import {listPositions, type PositionSetting} from './position.ts'
import {DRIVERS} from './registry.ts'
import type {Driver, DriverContext, Probe, Rod} from './rod.ts'
import {type RodContext, RodFlaw, type RodSurroundings} from './rod-context.ts'
import type {WithdrawSection} from './withdrawal/withdraw-section.ts'
import type {Withdrawal} from './withdrawal/withdrawal.ts'

/** One rod of `scram.yaml` as `schema.ts` checks it, `rod_defaults` merged in; durations in whole milliseconds. */
export interface RodSection {
  readonly title: string
  readonly what: string
  readonly spares: string
  readonly owner?: string | undefined
  readonly component?: string | readonly string[] | undefined
  readonly blast?: {readonly users?: string | undefined; readonly components?: readonly string[] | undefined; readonly worst?: string | undefined} | undefined
  readonly positions: PositionSetting
  readonly driver: string
  readonly with: Readonly<Record<string, unknown>>
  readonly probe: 'none' | ProbeSection | readonly ProbeSection[]
  readonly because?: string | undefined
  readonly bypass?: ProbeSection | undefined
  readonly verify: {readonly timeout: number; readonly every: number; readonly consecutive: number}
  readonly expires: number
  readonly on_expiry?: 'remind' | 'release' | undefined
  readonly conflicts?: readonly InterlockSection[] | undefined
  readonly requires?: readonly InterlockSection[] | undefined
  readonly keep_one_of?: readonly string[] | undefined
  readonly cooldown?: number | undefined
  readonly approvals?: {readonly insert?: number | undefined; readonly withdraw?: number | undefined} | undefined
  readonly on_partial?: {readonly withdraw?: 'keep' | 'stop' | undefined} | undefined
  readonly runs_without?: readonly string[] | undefined
  readonly withdraw?: WithdrawSection | undefined
  readonly public_note?: string | undefined
}

interface InterlockSection {
  readonly rod: string
  readonly at?: string | readonly string[] | undefined
}

/**
 * A rod from its section. Nothing is imported, resolved or connected until its driver or its probes are asked for, and
 * then only this rod's: a broken neighbour, or another rod's missing secret, never stands in the way.
 */
export function openRod(id: string, section: RodSection, given: RodSurroundings): Rod {
  const positions = listPositions(section.positions)
  const asked = new Set<string>()
  const context: RodContext = {
    ...given,
    secret(reference) {
      asked.add(reference)
      return given.secret(reference)
    },
    invalid: issues => new RodFlaw(issues),
  }
  const placed = async <T>(opening: Promise<T>): Promise<T> => {
    try {
      return await opening
    } catch (error) {
      throw error instanceof RodFlaw ? await given.invalid(error.issues) : error
    }
  }
  let driver: Promise<Driver> | undefined
  let probes: Promise<readonly Probe[]> | undefined
  let bypass: Promise<Probe | null> | undefined
  const place = {rod: id, positions, verifyMs: section.verify.timeout}
  let withdrawal: Promise<Withdrawal> | undefined
  return {
    id,
    title: section.title,
    what: section.what,
    spares: section.spares,
    ...(section.owner !== undefined && {owner: section.owner}),
    components: [section.component ?? []].flat(),
    ...(section.blast && {blast: defined(section.blast)}),
    positions,
    fullyIn: positions.at(-1) ?? 'inserted',
    expiresMs: section.expires,
    verify: {timeoutMs: section.verify.timeout, everyMs: section.verify.every, consecutive: section.verify.consecutive},
    rules: rulesOf(section),
    onExpiry: section.on_expiry ?? 'remind',
    onPartialWithdraw: section.on_partial?.withdraw ?? 'stop',
    isGuarded: section.withdraw?.guard !== undefined || section.withdraw?.via !== undefined,
    runsWithout: section.runs_without ?? [],
    ...(section.public_note !== undefined && {publicNote: section.public_note}),
    driverName: section.driver,
    ...(section.probe === 'none' && {noProbeBecause: section.because ?? 'no reason given'}),
    secrets: () => [...asked],
    driver: () => (driver ??= placed(openDriver(section, positions, context))),
    probes: () => (probes ??= placed(openProbes(section.probe, place, context))),
    bypass: () =>
      (bypass ??= section.bypass ? placed(openProbe(section.bypass, {...place, path: ['bypass'], isBypass: true}, context)) : Promise.resolve(null)),
    withdrawal: () =>
      (withdrawal ??= placed(import('./withdrawal/open-withdrawal.ts').then(module => module.openWithdrawal(section.withdraw, positions, context)))),
  }
}

const COOLDOWN_MS = 5000

function rulesOf({conflicts = [], requires = [], keep_one_of: keepOneOf = [], cooldown, approvals}: RodSection): RodRules {
  const interlock = ({rod, at}: InterlockSection) => ({rod, ...(at !== undefined && {at: [at].flat()})})
  return {
    conflicts: conflicts.map(interlock),
    requires: requires.map(interlock),
    keepOneOf,
    cooldownMs: cooldown ?? COOLDOWN_MS,
    approvals: {insert: approvals?.insert ?? 1, withdraw: approvals?.withdraw ?? 1},
  }
}

async function openDriver(section: RodSection, positions: readonly Position[], {folder, secret, invalid}: RodContext): Promise<Driver> {
  const load = Object.hasOwn(DRIVERS, section.driver) ? DRIVERS[section.driver] : undefined
  if (!load) {
    const near = nearest(section.driver, Object.keys(DRIVERS))
    const message = `there is no driver ${JSON.stringify(section.driver)}; ${near ? `nearest: ${near}` : `there are ${Object.keys(DRIVERS).join(', ')}`}`
    throw invalid([{path: ['driver'], message}])
  }
  const module = await load()
  const checked = module.options.safeParse(section.with)
  if (!checked.success) {
    throw invalid(
      checked.error.issues.map(({path, message}) => ({path: ['with', ...path.map(step => (typeof step === 'symbol' ? String(step) : step))], message})),
    )
  }
  const context: DriverContext = {folder, positions, secret, invalid: (path, message) => invalid([{path: ['with', ...path], message}])}
  return module.open(checked.data, context)
}

function openProbes(section: RodSection['probe'], place: Omit<ProbePlace, 'path' | 'isBypass'>, context: RodContext): Promise<readonly Probe[]> {
  if (section === 'none') return Promise.resolve([])
  const isSeveral = Array.isArray(section)
  const list = [section].flat() as readonly ProbeSection[] // flat() loses that a readonly list was one
  return Promise.all(list.map((probe, i) => openProbe(probe, {...place, path: isSeveral ? ['probe', i] : ['probe'], isBypass: false}, context)))
}

import type {Position} from '../incident/events.ts'
import {defined} from '../lib/defined.ts'
import {nearest} from '../lib/nearest.ts'
import {openProbe, type ProbePlace, type ProbeSection} from './open-probe.ts'
import {listPositions, type PositionSetting} from './position.ts'
import {DRIVERS} from './registry.ts'
import type {Driver, DriverContext, Probe, Rod} from './rod.ts'
import type {RodContext} from './rod-context.ts'

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
  readonly public_note?: string | undefined
}

/**
 * A rod from its section. Nothing is imported, resolved or connected until its driver or its probes are asked for, and
 * then only this rod's: a broken neighbour, or another rod's missing secret, never stands in the way.
 */
export function openRod(id: string, section: RodSection, context: RodContext): Rod {
  const positions = listPositions(section.positions)
  let driver: Promise<Driver> | undefined
  let probes: Promise<readonly Probe[]> | undefined
  let bypass: Promise<Probe | null> | undefined
  const place = {rod: id, positions, verifyMs: section.verify.timeout}
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
    ...(section.public_note !== undefined && {publicNote: section.public_note}),
    driverName: section.driver,
    ...(section.probe === 'none' && {noProbeBecause: section.because ?? 'no reason given'}),
    driver: () => (driver ??= openDriver(section, positions, context)),
    probes: () => (probes ??= openProbes(section.probe, place, context)),
    bypass: () => (bypass ??= section.bypass ? openProbe(section.bypass, {...place, path: ['bypass'], isBypass: true}, context) : Promise.resolve(null)),
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

import type {Position} from '../incident/events.ts'
import {defined} from '../lib/defined.ts'
import type {Fault} from '../lib/fault.ts'
import {nearest} from '../lib/nearest.ts'
import {listPositions, type PositionSetting, toPosition} from './position.ts'
import type {CommandExpectation} from './probes/command.ts'
import type {Comparison} from './probes/comparison.ts'
import type {HttpExpectation} from './probes/http.ts'
import {DRIVERS} from './registry.ts'
import type {Driver, DriverContext, Probe, Rod} from './rod.ts'
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
  readonly verify: {readonly timeout: number; readonly every: number; readonly consecutive: number}
  readonly expires: number
  readonly withdraw?: WithdrawSection | undefined
  readonly public_note?: string | undefined
}

/** Exactly one of the three. */
export interface ProbeSection {
  readonly http?:
    | {
        readonly url: string
        readonly method: string
        readonly headers: Readonly<Record<string, string>>
        readonly timeout: number
        readonly expect: Readonly<Record<string, Omit<HttpExpectation, 'latencyMs'> & {readonly latency?: Comparison | undefined}>>
      }
    | undefined
  readonly command?: {readonly argv: readonly string[]; readonly timeout: number; readonly expect: Readonly<Record<string, CommandExpectation>>} | undefined
  readonly tcp?:
    | {readonly host: string; readonly port: number; readonly timeout: number; readonly expect: Readonly<Record<string, 'open' | 'refused'>>}
    | undefined
}

export interface Issue {
  /** Within the rod's section: `['with', 'set', 'url']`. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

export interface RodContext {
  /** The workspace folder. */
  readonly folder: string
  /** @throws Fault secret.missing */
  secret(reference: string): Promise<string>
  /** Makes the `config.invalid` of these issues, with file:line:column. */
  invalid(issues: readonly Issue[]): Fault
}

/**
 * A rod from its section. Nothing is imported, resolved or connected until its driver or its probes are asked for, and
 * then only this rod's: a broken neighbour, or another rod's missing secret, never stands in the way.
 */
export function openRod(id: string, section: RodSection, context: RodContext): Rod {
  const positions = listPositions(section.positions)
  let driver: Promise<Driver> | undefined
  let probes: Promise<readonly Probe[]> | undefined
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
    ...(section.public_note !== undefined && {publicNote: section.public_note}),
    driverName: section.driver,
    ...(section.probe === 'none' && {noProbeBecause: section.because ?? 'no reason given'}),
    driver: () => (driver ??= openDriver(section, positions, context)),
    probes: () => (probes ??= openProbes(section.probe, positions, context)),
    withdrawal: () => (withdrawal ??= import('./withdrawal/open-withdrawal.ts').then(module => module.openWithdrawal(section.withdraw, positions, context))),
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

async function openProbes(section: RodSection['probe'], positions: readonly Position[], context: RodContext): Promise<readonly Probe[]> {
  if (section === 'none') return []
  const isSeveral = Array.isArray(section)
  const list = [section].flat() as readonly ProbeSection[] // flat() loses that a readonly list was one
  return Promise.all(list.map((probe, i) => openProbe(probe, positions, context, isSeveral ? ['probe', i] : ['probe'])))
}

async function openProbe({http, command, tcp}: ProbeSection, positions: readonly Position[], context: RodContext, path: Issue['path']): Promise<Probe> {
  const {folder, secret, invalid} = context
  const byPosition = <E>(kind: string, expect: Readonly<Record<string, E>>): ReadonlyMap<Position, E> => {
    const entries = Object.entries(expect).map(([key, expected]) => [positionAt(key, positions, [...path, kind, 'expect', key], invalid), expected] as const)
    const map = new Map(entries)
    if (map.has('withdrawn') && map.size > 1) return map
    throw invalid([
      {path: [...path, kind, 'expect'], message: 'must say what withdrawn looks like, and what a rod that is in does: else nothing can be decided'},
    ])
  }
  if (http) {
    const expect = new Map([...byPosition('http', http.expect)].map(([position, {latency, ...rest}]) => [position, {...rest, latencyMs: latency}]))
    const {httpProbe} = await import('./probes/http.ts')
    return httpProbe({url: http.url, method: http.method, headers: http.headers, timeoutMs: http.timeout, expect}, secret)
  }
  if (command) {
    const expect = byPosition('command', command.expect)
    const {commandProbe} = await import('./probes/command.ts')
    return commandProbe({argv: command.argv, cwd: folder, timeoutMs: command.timeout, expect})
  }
  if (!tcp) throw invalid([{path, message: 'needs one of http, command, tcp'}])
  const {tcpProbe} = await import('./probes/tcp.ts')
  return tcpProbe({host: tcp.host, port: tcp.port, timeoutMs: tcp.timeout, expect: byPosition('tcp', tcp.expect)})
}

function positionAt(text: string, positions: readonly Position[], path: Issue['path'], invalid: RodContext['invalid']): Position {
  const position = toPosition(text, positions)
  if (position !== null) return position
  throw invalid([{path, message: `${JSON.stringify(text)} is no position of this rod; it has ${positions.join(', ')}`}])
}

/**
 * The rod port: what a driver and a probe promise. A driver moves the position of one rod on its targets; a probe looks
 * through the path users take. Only a probe that agrees lets anyone print "inserted".
 */
import type {z} from 'zod'
import type {Position} from '../incident/events.ts'
import type {Fault} from '../lib/fault.ts'
import type {Withdrawal} from './withdrawal/withdrawal.ts'

export interface Capabilities {
  readonly named: boolean
  readonly percent: boolean
  readonly rate: boolean
  /** Compare-and-set on the target. */
  readonly cas: boolean
  readonly ttl: boolean
  readonly survivesRestart: boolean
}

/** Something outside that a driver or a probe touches: what `runs_without` is held against, and `doctor` lists. */
export type Reach = {readonly host: string} | {readonly command: string} | {readonly path: string}

export interface Call {
  /** One of `targets`; '' for a driver with one. */
  readonly target: string
  /** Ends the call: a driver that ignores it fails the contract suite (signal + 200 ms). */
  readonly signal: AbortSignal
}

export interface SetCall extends Call {
  readonly expect?: string
  readonly ttlMs?: number
  readonly why: string
  readonly fence: number
}

export interface Reading {
  readonly position: Position | 'unknown'
  readonly version?: string
  /** One printable line without secrets or bodies. */
  readonly evidence: string
}

/**
 * The hand that moves one rod. `set` is absolute ("25%", never "toggle") and idempotent: after a crash it is called
 * again. It resolves when the control side acknowledged, with one printable line about it (status, which of several
 * addresses): never a secret, never a body. `read` asks the system, never its own memory, and does not
 * reject: `unknown` is an answer. A driver never retries, probes, records, prints, or keeps a connection.
 *
 * @throws Fault from `set`, and nothing else: `rod.unreachable` (nothing was sent) · `rod.unanswered` (it may have
 * arrived) · `rod.refused` (repeating won't help) · `rod.moved` (`expect` did not match). An abort passes through.
 */
export interface Driver {
  readonly targets: readonly string[]
  /** What it can do as this rod sets it up; the module's own `can` is the most that any setting allows. */
  readonly can: Capabilities
  readonly reaches: readonly Reach[]
  /** Pure, no I/O: what --dry-run prints, secrets as their reference. */
  plan(to: Position): readonly string[]
  set(to: Position, call: SetCall): Promise<string>
  read(call: Call): Promise<Reading>
  /**
   * What a person should know before relying on this control side, one line each (keys that may be evicted, a position
   * that a reload loses): for `rod test` and `doctor`. Asks, moves nothing, does not reject.
   */
  advise?(call: Call): Promise<readonly string[]>
}

/** What a probe saw. */
export interface Look {
  readonly position: Position | 'unknown'
  /**
   * Every position the answer fits. With two or more the probe cannot tell them apart and says `unknown`; between two
   * reduced positions (drain, maint) the control side may then break the tie, against `withdrawn` never.
   */
  readonly fits: readonly Position[]
  /** One printable line without secrets or bodies. */
  readonly evidence: string
}

/** One look through the users' path. Never rejects: unreachable or undecidable is `unknown`. An abort passes through. */
export interface Probe {
  readonly name: string
  readonly reaches: readonly Reach[]
  look(signal: AbortSignal): Promise<Look>
}

/** What a driver is opened with besides its own options. Secrets are resolved when used, never before. */
export interface DriverContext {
  /** The workspace folder: where relative commands live. */
  readonly folder: string
  /** Positions of the rod, least to most reduced; first is `withdrawn`. */
  readonly positions: readonly Position[]
  secret(reference: string): Promise<string>
  /** The Fault for an option that cannot be right, with its place in the file; `path` counts from `with:`. */
  invalid(path: readonly (string | number)[], message: string): Fault
}

/** A rod as the workspace defines it, checked, nothing opened yet. */
export interface Rod {
  readonly id: string
  readonly title: string
  readonly what: string
  readonly spares: string
  readonly owner?: string
  readonly components: readonly string[]
  readonly blast?: {readonly users?: string; readonly components?: readonly string[]; readonly worst?: string}
  readonly positions: readonly Position[]
  /** The most reduced position: what `scram in ROD` sets. */
  readonly fullyIn: Position
  readonly expiresMs: number
  readonly verify: {readonly timeoutMs: number; readonly everyMs: number; readonly consecutive: number}
  readonly publicNote?: string
  readonly driverName: string
  /** `probe: none` with its reason: such a rod is never better than unverified. */
  readonly noProbeBecause?: string
  /** Opens the driver (lazily imported). @throws Fault config.invalid · secret.missing */
  driver(): Promise<Driver>
  probes(): Promise<readonly Probe[]>
  /** How it comes out; an insertion never asks. @throws Fault config.invalid · secret.missing */
  withdrawal(): Promise<Withdrawal>
}

/** What a driver file exports; `registry.ts` loads it by name when a rod is opened. `O`: its checked options. */
export interface DriverModule<O = unknown> {
  /** One line for the generated docs. */
  readonly summary: string
  readonly options: z.ZodType<O>
  readonly can: Capabilities
  /** Resolves its secrets and checks what a schema cannot. @throws Fault config.invalid · secret.missing */
  open(options: O, context: DriverContext): Promise<Driver>
}

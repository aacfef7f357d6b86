/**
 * The rod port: what a driver and a probe promise. A driver moves the position of one rod on its targets; a probe looks
 * through the path users take. Only a probe that agrees lets anyone print "inserted".
 */
import type {z} from 'zod'
import type {Position} from '../incident/events.ts'
import type {RodRules} from '../incident/intentions.ts'
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
  /**
   * Which of them answers: another one after a restart, a reload or a failover (HAProxy's Pid, Redis' run_id), though the
   * position still reads right. Not something that changes with the position, nor an ETag that changes with anything.
   */
  readonly instance?: string
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
  /**
   * The look is right about `fits` and still proves little (below its limit, a rate shows how much was asked for): it
   * agrees only while the control side reads the same position, never alone.
   */
  readonly needsReadBack?: boolean
  /** One printable line without secrets or bodies. */
  readonly evidence: string
}

/**
 * One look through the users' path. Never rejects: unreachable or undecidable is `unknown`, and so is what a deadline cut
 * short. A person's abort passes through.
 */
export interface Probe {
  readonly name: string
  readonly reaches: readonly Reach[]
  /** Rods that refuse the same requests: while one of them may be in, what this probe sees says nothing about its own. */
  readonly maskedBy: readonly string[]
  /**
   * Whether looking for `wanted` is many samples over seconds and not one answer: then one look that agrees is enough
   * (`verify.consecutive` guards against one stale answer, and repeating would only be load), and nobody looks in
   * passing. Absent: never.
   */
  isSampled?(wanted?: Position): boolean
  /** `wanted`: the position somebody set, which may be a share or rate that the rod does not list. */
  look(signal: AbortSignal, wanted?: Position): Promise<Look>
}

/** What a driver is opened with besides its own options. Secrets are resolved when used, never before. */
export interface DriverContext {
  /** The workspace folder: where relative commands live. */
  readonly folder: string
  /** Positions of the rod, least to most reduced; first is `withdrawn`. */
  readonly positions: readonly Position[]
  secret(reference: string): Promise<string>
  /** For throwing: an option that cannot be right; `path` counts from `with:`. The rod makes a config.invalid of it. */
  invalid(path: readonly (string | number)[], message: string): Error
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
  /** When it may move: decided by the core, from the record alone. */
  readonly rules: RodRules
  /** What its expiry does: remind a person, or start the guarded withdrawal. */
  readonly onExpiry: 'remind' | 'release'
  /** A withdrawal of which only some targets follow goes no step on (`stop`), or does (`keep`). */
  readonly onPartialWithdraw: 'keep' | 'stop'
  /** It has a guard, or hands over to a rod that is to have one: it does not come out all at once. */
  readonly isGuarded: boolean
  /** Names of `systems` that nothing of it may depend on. */
  readonly runsWithout: readonly string[]
  readonly publicNote?: string
  readonly driverName: string
  /** `probe: none` with its reason: such a rod is never better than unverified. */
  readonly noProbeBecause?: string
  /** References of the secrets that driver and probes have asked for so far: never a value. */
  secrets(): readonly string[]
  /** Opens the driver (lazily imported). @throws Fault config.invalid · secret.missing */
  driver(): Promise<Driver>
  probes(): Promise<readonly Probe[]>
  /**
   * The responders' own way in; it works when its look shows `withdrawn`: for them the rod is out. Null without one.
   * Shown, never required. @throws Fault config.invalid · secret.missing
   */
  bypass(): Promise<Probe | null>
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

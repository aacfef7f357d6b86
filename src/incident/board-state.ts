/**
 * What every command needs to know at once, over all incidents: which are open, which rods are in, which runs wait, how
 * far behind the page is. Kept small on purpose (bare `scram` reads it at 3 a.m. with a million events of history):
 * finished runs leave it, of the incidents no longer open only the newest `RECENT` stay.
 */
import type {ApprovalWanted} from './approvals.ts'
import type {Binds, Position, TargetReading} from './events.ts'
import type {IncidentClock, TimerOnBoard} from './timers-on-board.ts'
import type {PublicStatus, Severity} from './words.ts'

export const RECENT = 20

export interface OnBoard {
  readonly id: string
  readonly title: string
  /** The entries that gave title and opening: a correction of them is one of these. */
  readonly titledBy: string
  readonly openedBy: string
  readonly severity: Severity
  readonly openedAt: string
  readonly isPrivate: boolean
  readonly isDrill: boolean
  readonly phase: 'open' | 'resolved' | 'closed' | 'merged'
  readonly publicStatus: PublicStatus | null
  /** The promise that stands: by when, made by which update. Null: none, or kept by resolving. */
  readonly promise: {readonly by: string; readonly update: number} | null
  readonly lastUpdateAt: string | null
  /** Number of the last update, 0 before the first. */
  readonly lastUpdate: number
  /** When it left `open`. */
  readonly endedAt: string | null
}

/** control-rods §4; an intent without an outcome (`inserting`, `withdrawing`) is shown as unknown. */
export type RodStatus = 'withdrawn' | 'inserting' | 'withdrawing' | 'inserted' | 'unverified' | 'partial' | 'drifted' | 'jammed' | 'held'

export interface RodState {
  readonly rod: string
  readonly status: RodStatus
  /** Position of the last intent: what we want. */
  readonly want: Position
  /** Last position a probe agreed to; `withdrawn` before the first move. */
  readonly verified: Position
  readonly since: string
  readonly incident: string | null
  readonly by: string
  readonly why: string
  readonly expiresAt: string | null
  /** The target lets go by itself at that time: nobody else moves it, and nobody extends it but by inserting again. */
  readonly isNativeTtl: boolean
  /** When that expiry was set: reminders come at half of the time from here. */
  readonly expirySetAt: string | null
  /** The last reminder recorded since then. */
  readonly reminded: {readonly stage: 'half' | 'due' | 'overdue'; readonly n: number} | null
  /** When the probe first agreed that it is in, null while it never did. */
  readonly insertedAt: string | null
  /** When anyone last looked (an outcome, a drift), what was seen, and by which probe; without one by reading back. */
  readonly seenAt: string | null
  readonly seen: Position | 'unknown' | null
  readonly seenBy: string | null
  readonly evidence: string | null
  readonly reason: string | null
  /** The open intent, or the one last settled. */
  readonly intent: string | null
  /** Observed before the first insertion of this spell: what an undo restores. */
  readonly from: readonly TargetReading[]
  /** The last position recorded of each target, where it is known: what a later reading is compared with. */
  readonly targets: Readonly<Record<string, Position>>
  /** Which process or server answered for each target then, where it says so. */
  readonly instances: Readonly<Record<string, string>>
  readonly component: string | null
  readonly title: string | null
  readonly note: string | null
  /** Rules of this rod that bind others while it is in. */
  readonly binds: Binds
  /** Which way the last intent went, for the cooldown. */
  readonly lastMove: 'insert' | 'withdraw' | null
  /** Steps back of the withdrawal that is under way, or was cut off: it goes on counting. 0 after it was held, and out of one. */
  readonly stepBacks: number
  /** When that move was begun or answered; asking later where it stands is no move. */
  readonly movedAt: string | null
  /** When a probe last saw it go in, and how long the last few insertions took to be effective: what the rod is worth. */
  readonly exercisedAt: string | null
  /** An exercise that failed after that, and why. */
  readonly failedExercise: {readonly at: string; readonly detail: string} | null
  readonly effectiveMs: readonly number[]
  /**
   * Who gave their word that it is out: of a rod without a probe, whose control side did not contradict them. Nobody has
   * seen it, so it stays unverified; it is no longer taken to be in. Null otherwise.
   */
  readonly outByWordOf: string | null
  /**
   * Moves to different positions of which neither knew of the other, and nobody has looked since that was noticed: whatever
   * they say themselves, the rod is taken to be in. Empty otherwise.
   */
  readonly rivals: readonly RivalMove[]
  /** Some targets of several show what we want: k of n. Only while `partial`. */
  readonly agree?: {readonly k: number; readonly n: number}
  /** It may have been in when its last intent was written, whatever the last probe had agreed to. */
  readonly wasIn: boolean
}

/** One of two moves that two journals made without knowing of each other. */
export interface RivalMove {
  readonly intent: string
  readonly to: Position
  readonly by: string
  readonly at: string
}

/** A run that is not finished. */
export interface RunOnBoard {
  readonly run: string
  /** Whose record began it: nobody else drives it. */
  readonly origin: string
  readonly incident: string | null
  readonly runbook: string
  readonly title: string
  /** By the record: whether the driver of a `running` one lives is nothing that is recorded. */
  readonly state: 'running' | 'parked'
  readonly startedAt: string
  /** Where it waits, or the step it began last. */
  readonly step: string | null
  readonly reason: string | null
  readonly needs: string | null
  /** The approval it waits for, and who has given one. */
  readonly approval: (ApprovalWanted & {readonly by: readonly string[]}) | null
}

export interface PageOnBoard {
  /** Counts the public facts so far: the revision a target should show. */
  readonly revision: number
  /** Of which streams the page is made: `ORIGIN8.EPOCH` → seq of the newest public fact. What waits unchained is not in here. */
  readonly heads: Readonly<Record<string, number>>
  /** Chain hash of the newest of them. */
  readonly head: string | null
  /** target → the revision last read back there, and the failure since, if any. */
  readonly targets: Readonly<
    Record<string, {readonly revision: number; readonly failed: {readonly at: string; readonly code: string; readonly reason: string} | null}>
  >
}

export interface Board {
  readonly open: Readonly<Record<string, OnBoard>>
  /** No longer open, the one that ended last first, at most `RECENT`. */
  readonly recent: readonly OnBoard[]
  /** Every rod that ever moved. */
  readonly rods: Readonly<Record<string, RodState>>
  readonly runs: Readonly<Record<string, RunOnBoard>>
  /** Set and not over, by name. */
  readonly timers: Readonly<Record<string, TimerOnBoard>>
  /** Of open incidents where anything was recorded about their promise. */
  readonly clocks: Readonly<Record<string, IncidentClock>>
  readonly page: PageOnBoard
  /** Streams of other origins (or our own past) that stopped: origin/epoch → where and why. */
  readonly stopped: Readonly<Record<string, {readonly seq: number; readonly reason: string; readonly at: string}>>
}

export function emptyBoard(): Board {
  return {open: {}, recent: [], rods: {}, runs: {}, timers: {}, clocks: {}, page: {revision: 0, heads: {}, head: null, targets: {}}, stopped: {}}
}

/**
 * Every state except `withdrawn`, and except a `jammed` rod that was known to be withdrawn before: a *withdrawal* that
 * jammed keeps the rod in, also when the insertion before it was never verified. A rod without a probe is never known to be
 * withdrawn; a person's recorded word that it is out has to do. Resolve, reminders, the status line and
 * `rods.inserted` all use this one.
 */
export function maybeIn(rod: RodState): boolean {
  if (rod.status === 'unverified' && rod.outByWordOf !== null) return false
  return rod.status !== 'withdrawn' && !(rod.status === 'jammed' && rod.verified === 'withdrawn' && !rod.wasIn)
}

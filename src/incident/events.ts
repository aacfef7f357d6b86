/**
 * Every event the record can hold: kind → data. This is the catalogue; `journal/schemas/` checks the same shapes at the
 * door (records from other machines), `evolve` folds them, `decide` proposes them.
 *
 * Rules: a kind is never renamed and never changes its meaning; an outcome carries all its fold needs, so that a merged
 * history cannot starve it; instants are RFC 3339 UTC with milliseconds, durations whole milliseconds named `…Ms`; no
 * secret, ever. Ids named `entry`, `intent`, `update`, `settles` are event ids.
 */
import type {Json} from '../lib/canonical.ts'
import type {ApprovalWanted} from './approvals.ts'
import type {ActorKind, Basis, ComponentStatus, Milestone, NoteKind, PublicImpact, PublicStatus, Role, Severity} from './words.ts'

/** Share of something, for instance 10–15 % of HTTP traffic. Bounds in percent. */
export interface Extent {
  readonly metric: string
  readonly min: number
  readonly max: number
}

/** What other promises the text of an update made, besides its next update. Text is never parsed into one. */
export interface OtherPromise {
  readonly what: 'postmortem' | 'text'
  readonly text?: string
  readonly by?: string
}

/** A public text that a person wrote to go out later, as typed; it is checked again when it does. */
export interface ScheduledUpdate {
  readonly text: string
  readonly status?: PublicStatus
  /** Promise of the next update, ms after it went out. */
  readonly next?: number
  readonly components?: Readonly<Record<string, ComponentStatus>>
  /** Which workspace it was written for (a digest of its folder): a process that works for another page leaves it alone. */
  readonly workspace: string
}

/** How a run wants the promise of the next update kept (`updates:` of its runbook). Outlives the run, ends with the incident. */
export interface PromisePolicy {
  readonly mode: 'prompt' | 'draft' | 'auto'
  /** Posted once per silence when the promise is due, with `auto` only. */
  readonly fallback?: string
  /** What the fallback promises next; absent: the cadence of the severity. */
  readonly everyMs?: number
  /** Longest silence between two public updates before the comms role is told. */
  readonly atMostMs?: number
}

/** `soon`: five minutes before; `overdue`: five minutes after; `at_most`: silent for longer than the runbook allows. */
export type PromiseStage = 'soon' | 'due' | 'overdue' | 'at_most'

// ---- incident -------------------------------------------------------------------------------------------------------

interface IncidentKinds {
  'incident.opened': {title: string; severity: Severity; impact?: PublicImpact; private?: boolean; drill?: boolean; adopt?: readonly string[]}
  'incident.retitled': {title: string}
  'incident.resolved': {leftIn?: readonly LeftIn[]}
  /** Title and opening come along: a board that has forgotten the old incident can show it again. */
  'incident.reopened': {why: string; title: string; severity: Severity; openedAt: string}
  'incident.closed': {leftIn?: readonly LeftIn[]}
  /** This incident ends as a part of `into`; its entries stay its own. */
  'incident.merged': {into: string; why?: string}
  'severity.set': {severity: Severity; from?: Severity; why?: string}
  'impact.set': {impact: PublicImpact; why?: string}
  'role.assigned': {role: Role; to: string}
  'component.set': {component: string; status: ComponentStatus; extent?: Extent; why?: string}
  'milestone.marked': {milestone: Milestone; text?: string}
  /** A duration someone vouches for: "engineers were on the case within 2 minutes". */
  'measure.stated': {measure: string; ms: number; bound: '<=' | '~' | '='; from?: string}
  'update.posted': {
    number: number
    status: PublicStatus
    body: string
    /** Status of every public component at this moment, the untouched ones included. */
    components: Readonly<Record<string, ComponentStatus>>
    nextUpdateBy?: string
    /** Where the promise comes from: a person gave it, or the cadence of the severity. */
    promiseBasis?: 'given' | 'cadence'
    promises?: readonly OtherPromise[]
    /** Written earlier to go out now: the `timer.set` it comes from, which names who wrote it. */
    timer?: string
    /** Nobody wrote it for this moment: the fallback a runbook chose, posted because the promise was due. */
    auto?: boolean
  }
  'update.amended': {update: string; number: number; body?: string; nextUpdateBy?: string; why?: string; notify?: boolean}
  'headline.set': {text: string}
  'note.added': {noteKind: NoteKind; text: string; pinned?: boolean}
  /** Corrects text or time of an entry; the old one stays in the record and in the trail. */
  'entry.corrected': {entry: string; text?: string; at?: string; why?: string}
  /** Hides an entry's text in every view and export; the hash chain keeps the record. */
  'entry.redacted': {entry: string; why: string}
  'handoff.offered': {to: string; text?: string}
  /** `from` is absent when somebody simply took command. */
  'handoff.taken': {from?: string; to: string; offer?: string}
  'action.added': {action: string; text: string; owner?: string}
  'action.done': {action: string; text?: string}
  'action.linked': {action: string; url: string}
}

/** A rod that stays inserted when its incident is resolved, on purpose. */
export interface LeftIn {
  readonly rod: string
  readonly expiresAt: string
  readonly why: string
}

// ---- commands and rods ------------------------------------------------------------------------------------------------

interface CommandKinds {
  'command.ran': {
    argv: readonly string[]
    exitCode: number
    signal?: string
    ms: number
    /** SHA-256 over the redacted output, stdout and stderr in order of arrival; absent with --tty. */
    digest?: string
    bytes?: number
    tail?: string
    tty?: boolean
  }
}

/** `withdrawn`, a name, `25%`, `10/s`: the canonical written form, as recorded. */
export type Position = string

/** What was seen at one target before or after a move. `unknown` is an honest answer. */
export interface TargetReading {
  readonly target: string
  readonly position: Position | 'unknown'
  readonly version?: string
  /** Which process or server answered; another one after a restart. */
  readonly instance?: string
}

/** The first two of the three facts, per target. Each is absent when it did not happen, `error` says why. */
export interface TargetOutcome {
  readonly target: string
  /** What this target was set to, where it differs from the move's own position. */
  readonly wanted?: Position
  readonly acknowledged?: {readonly ms: number; readonly detail: string}
  readonly readBack?: {readonly position: Position | 'unknown'; readonly ms: number; readonly evidence: string; readonly instance?: string}
  readonly error?: {readonly code: string; readonly reason: string}
}

/** The third fact: what a probe through the users' path showed. `ms` counts from the intent. */
export interface Effective {
  readonly position: Position | 'unknown'
  readonly probe: string
  readonly ms: number
  readonly evidence: string
}

export interface Intent {
  rod: string
  to: Position
  /** Observed before the move: what an undo restores. */
  from: readonly TargetReading[]
  why: string
  expiresAt?: string
  /** The target itself was told to let go then, without a guard. */
  ttl?: 'native'
  title?: string
  component?: string
  /** The rod's `public_note`: proposed as text of the next update, whatever the workspace says by then. */
  note?: string
  /** Rules that a person set aside, each by its name. */
  overrides?: readonly string[]
  /** Others who agreed: stated by whoever typed, not authenticated. */
  approvals?: readonly string[]
  bank?: string
  /** Which step of a guarded withdrawal; `back`: a step back. */
  step?: string
  /** Only these targets are moved. */
  only?: readonly string[]
  /** What each target is set to, where they differ (an undo restores what was seen at each). */
  each?: readonly {readonly target: string; readonly position: Position}[]
  /** Moved by someone else, and accepted as the starting point. */
  taken?: readonly {readonly target: string; readonly recorded: Position; readonly position: Position}[]
  /** Rules of the rod that bind others while it is in: kept here, so that nobody needs its definition. */
  binds?: Binds
  fence?: number
  /**
   * The rod's last intent that this journal knew of; null: none. Of two moves that follow the same one neither knew of the
   * other: a lease is of one journal, and no clock tells which was later.
   */
  follows?: string | null
  /** The lease was somebody else's: an insertion does not wait. */
  unfenced?: boolean
}

/** A rod, and the positions of it that are meant; none named: every position but `withdrawn`. */
export interface Interlock {
  readonly rod: string
  readonly at?: readonly Position[]
}

export interface Binds {
  readonly conflicts?: readonly Interlock[]
  readonly requires?: readonly Interlock[]
}

export interface Outcome {
  rod: string
  to: Position
  /** The intent this outcome answers. */
  intent: string
  targets: readonly TargetOutcome[]
  effective?: Effective
  why: string
  expiresAt?: string
  ttl?: 'native'
  /** Nothing had to be sent: control side and users' path agreed beforehand. */
  already?: boolean
  /** A person let the rod go in without a probe. */
  blind?: boolean
  masked?: boolean
  /** This outcome came later, by asking the world (`scram rod verify`). */
  settles?: string
  code?: string
  reason?: string
  warning?: string
}

/** How long one move of an exercise took, from its intent; absent: it did not get there. */
export interface TestedMove {
  readonly acknowledgedMs?: number
  readonly readBackMs?: number
  readonly effectiveMs?: number
}

interface RodKinds {
  'rod.inserting': Intent
  'rod.withdrawing': Intent
  'rod.inserted': Outcome
  'rod.withdrawn': Outcome
  'rod.unverified': Outcome
  'rod.jammed': Outcome
  'rod.held': {rod: string; intent: string; position: Position; stepBacks: number; guard: string; reason: string}
  'rod.drifted': {
    rod: string
    expected: Position
    seen: Position | 'unknown'
    /** `merge`: nobody looked; two journals met that had moved it without knowing of each other. */
    by: 'read' | 'probe' | 'merge'
    evidence: string
    version?: string
    targets?: readonly TargetReading[]
  }
  'rod.extended': {rod: string; expiresAt: string; why: string}
  'rod.reminded': {rod: string; stage: 'half' | 'due' | 'overdue'; n: number}
  'rod.tested': {rod: string; mode: 'look' | 'exercise'; result: 'passed' | 'failed'; ms: number; detail?: string; in?: TestedMove; out?: TestedMove}
}

// ---- runs ---------------------------------------------------------------------------------------------------------------

export type TimerKind = 'wait' | 'promise' | 'approve' | 'update' | 'expiry' | 'retry'
export type StepKind = 'uses' | 'run' | 'manual' | 'wait' | 'wait_until'
export type StepEffect = 'none' | 'record' | 'idempotent' | 'unsafe'

/** `failure`: `again`, `skip`, `{goto}`, `{undo: scope}`, `undone`. `for_each`: the items. `call`: the inputs. */
export type DecisionOf = 'if' | 'for_each' | 'call' | 'confirm' | 'approve' | 'answer' | 'failure' | 'hold'

export type PinnedTexts = Readonly<Record<string, {text: string; sha256: string; path: string}>>

interface OfRun {
  run: string
}
/** Of what a command said, redacted: how many bytes, their SHA-256, the last 4 KiB. */
interface Said {
  bytes?: number
  digest?: string
  tail?: string
}

interface OfStep extends OfRun {
  /** Instance: group[item]/id#attempt. */
  step: string
}

interface RunKinds {
  'run.started': OfRun & {
    runbook: string
    title: string
    text: string
    sha256: string
    path: string
    inputs: Readonly<Record<string, Json>>
    mode: 'person' | 'auto'
    /** The folder it began in, by a mark that does not name it, and the digest of its scram.yaml. */
    workspace?: string
    workspaceSha256?: string
    /** Instance before which everything was skipped. */
    from?: string
    /** Hash of the plan that was agreed on. */
    plan?: string
    /** Texts of the runbooks it calls, by id: pinned, too. */
    called?: PinnedTexts
    /** `updates:` of the runbook: what the clock needs once this process is gone. */
    updates?: PromisePolicy
  }
  'run.parked': OfRun & {
    step?: string
    reason: 'confirm' | 'manual' | 'approve' | 'unknown' | 'failed' | 'interrupted'
    needs: string
    answers?: readonly string[]
    exit: number
    /** What is wanted of others, and whose yes counted so far: each that comes later is an event of its own. */
    approval?: ApprovalWanted & {by: readonly string[]}
  }
  'run.resumed': OfRun & {by: string}
  'run.taken': OfRun & {by: string; from: string}
  'run.amended': OfRun & {text: string; sha256: string; called?: PinnedTexts}
  'run.finished': OfRun & {
    outcome: 'done' | 'done_with_failures' | 'aborted'
    counts: Readonly<Record<string, number>>
    rodsIn: readonly string[]
    outputs?: Readonly<Record<string, Json>>
    why?: string
  }
  'step.started': OfStep & {
    title: string
    kind: StepKind
    uses?: string
    effect: StepEffect
    resume: 'verify' | 'safe' | 'ask'
    /** Rendered input, redacted; a second attempt sends this again, never a new rendering. */
    sent?: Json
    /** Rendered `verify`: what is asked afterwards, and at a resume. */
    verify?: Json
    key?: string
    deadline?: string
  }
  'step.finished': OfStep & {ms: number; outputs?: Readonly<Record<string, Json>>; evidence?: string; exitCode?: number} & Said
  'step.failed': OfStep & {ms: number; code: string; message: string; retryable?: boolean; timedOut?: boolean; handled?: boolean} & Said
  'step.skipped': OfStep & {reason: 'if' | 'operator' | 'from' | 'goto' | 'already-open' | 'abort'; why?: string}
  'step.unknown': OfStep & {reason: 'died' | 'timeout' | 'lost'; detail?: string} & Said
  'step.settled': OfStep & {
    by: 'verify' | 'person' | 'safe'
    as: 'finished' | 'rerun' | 'skipped' | 'failed'
    evidence?: string
    outputs?: Readonly<Record<string, Json>>
  }
  /** Every input of a run that another look at the world might answer otherwise; `step` may name a group or a call. */
  'decision.recorded': OfStep & {of: DecisionOf; value: Json; by?: string; why?: string}
  /**
   * Something is due at an instant. The last of set, fired and cancelled says how a timer stands. A promise and a rod's expiry
   * are due by their own events (`nextUpdateBy`, `expiresAt`) and need none.
   */
  'timer.set': {
    timer: string
    what: TimerKind
    due: string
    run?: string
    step?: string
    update?: ScheduledUpdate
    /** How often it was tried before: of a retry. */
    attempt?: number
  }
  'timer.fired': {
    timer: string
    /** How much later than due, ms, never negative. */
    lateMs: number
    run?: string
    step?: string
    what?: TimerKind
    /** `told`: a reminder, nothing else was done; `held`: too late to post it unasked. */
    outcome?: 'posted' | 'held' | 'told' | 'retried'
    promise?: {readonly update: number; readonly by: string; readonly stage: PromiseStage}
    reason?: string
  }
  'timer.cancelled': {timer: string; run?: string; step?: string; reason?: string}
}

// ---- the outside ----------------------------------------------------------------------------------------------------

interface OutsideKinds {
  /** Read back at the target: the page there shows `revision` or a newer one. */
  'page.published': {target: string; revision: number; digest: string; ms: number}
  'page.failed': {target: string; revision: number; code: string; reason: string}
  'delivery.queued': {delivery: string; channel: string; of: string}
  'delivery.sent': {delivery: string; channel: string}
  'delivery.failed': {delivery: string; channel: string; code: string; reason: string}
  'maintenance.scheduled': {maintenance: string; title: string; from: string; to: string; components: readonly string[]; text?: string}
  'maintenance.started': {maintenance: string}
  'maintenance.verifying': {maintenance: string}
  'maintenance.completed': {maintenance: string}
  'maintenance.cancelled': {maintenance: string; why?: string}
  'postmortem.drafted': {path: string; head: string; digest: string; unwritten: readonly string[]}
  'postmortem.published': {path: string; digest: string; url?: string}
  'stream.stopped': {stream: string; epoch: number; seq: number; reason: StopReason; digest: string; detail?: string}
  'stream.resumed': {stream: string; epoch: number; seq: number}
  'stream.skipped': {stream: string; epoch: number; seq: number; why: string}
  /** A new epoch of our own journal began: salvage, restore or another machine. */
  'journal.epoch': {reason: 'salvage' | 'restore' | 'machine'; previous: number; detail?: string}
}

export type StopReason = 'oversize' | 'corrupt' | 'newer' | 'fork' | 'invalid' | 'crashed'

// ---- put together -------------------------------------------------------------------------------------------------

export type EventData = IncidentKinds & CommandKinds & RodKinds & RunKinds & OutsideKinds
export type EventKind = keyof EventData

type EventOf<K extends EventKind> = {[P in K]: {readonly kind: P; readonly data: Readonly<EventData[P]>}}[K]

/** A union over `kind`: a switch narrows `data`. */
export type ScramEvent = EventOf<EventKind>
export type IncidentEvent = EventOf<keyof IncidentKinds | keyof CommandKinds>
export type RodEvent = EventOf<keyof RodKinds>
export type RunEvent = EventOf<keyof RunKinds>
export type OutsideEvent = EventOf<keyof OutsideKinds>

export interface Actor {
  readonly name: string
  readonly kind: ActorKind
}

/** How the instant `at` is known. All three stay with the number until it is printed. */
export interface Timing {
  readonly basis?: Basis
  readonly approx?: boolean
  /** Half-width of what is known about `at`, in milliseconds. */
  readonly precisionMs?: number
}

/** The envelope, without the event. `incident` is null for a rod moved, or a command run, with no incident open. */
export interface Envelope extends Timing {
  readonly v: 1
  readonly id: string
  readonly incident: string | null
  readonly origin: string
  readonly epoch: number
  /** Counts from 1 in each (origin, epoch), without gaps. */
  readonly seq: number
  /** Hash of the record before this one in its (origin, epoch); 64 zeros for the first. */
  readonly prev: string
  /** SHA-256 over the canonical JSON of everything else. */
  readonly hash: string
  /** Hybrid logical clock: [epoch milliseconds, counter]. */
  readonly hlc: readonly [number, number]
  /** When it happened. */
  readonly at: string
  /** When it was written. */
  readonly recorded: string
  readonly actor: Actor
  /** Only when it differs from what its kind is by nature (`visibilityOf`). */
  readonly visibility?: 'internal' | 'public'
}

export type Recorded<E = ScramEvent> = Envelope & E

/** A record of a kind this version does not know: kept, shown as opaque, never folded. */
export type Opaque = Envelope & {readonly kind: string; readonly data: Json; readonly opaque: true}

/** What a caller hands to the journal: it adds the envelope. `at` defaults to now; `id` makes a repeat harmless. */
export type Draft<E = ScramEvent> = E & Timing & {readonly at?: string; readonly id?: string; readonly visibility?: 'internal' | 'public'}

const PUBLIC_BY_NATURE: ReadonlySet<string> = new Set<EventKind>([
  'incident.opened', 'incident.retitled', 'incident.resolved', 'incident.reopened', 'incident.merged', 'impact.set', 'component.set',
  'update.posted', 'update.amended', 'headline.set', 'maintenance.scheduled', 'maintenance.started', 'maintenance.verifying',
  'maintenance.completed', 'maintenance.cancelled', 'postmortem.published',
]) // biome-ignore format: a list to read, not a column

/** Internal unless the kind is public by nature or the record says otherwise. */
export function visibilityOf(event: {readonly kind: string; readonly visibility?: 'internal' | 'public'}): 'internal' | 'public' {
  return event.visibility ?? (PUBLIC_BY_NATURE.has(event.kind) ? 'public' : 'internal')
}

/**
 * Record order, the one order of a merged view: (hlc, origin, epoch, seq), a pure function of the set of records. A
 * timeline for people is sorted by `at` first (`timelineOrder`).
 */
export function recordOrder(a: Envelope, b: Envelope): number {
  return a.hlc[0] - b.hlc[0] || a.hlc[1] - b.hlc[1] || (a.origin < b.origin ? -1 : a.origin > b.origin ? 1 : 0) || a.epoch - b.epoch || a.seq - b.seq
}

/** By the time it happened, then record order. `at` has one written form, so text comparison is time comparison. */
export function timelineOrder(a: Envelope, b: Envelope): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : recordOrder(a, b)
}

/**
 * What a responder can intend. `decide(world, intention)` answers with the events to record or with a refusal; it reads
 * no clock: `now` is handed in with the world. Names of fields are those of flags and of a runbook's `with:`.
 */
import type {Board, RodState} from './board-state.ts'
import type {Draft, EventData, Extent, Intent, Interlock, LeftIn, OtherPromise, Outcome} from './events.ts'
import type {IncidentState} from './state.ts'
import type {ComponentStatus, Milestone, NoteKind, PublicImpact, PublicStatus, Role, Severity} from './words.ts'

/** What `decide` may look at. `incident` is null when none is meant (opening; a rod or command without an incident). */
export interface World {
  readonly incident: IncidentState | null
  readonly board: Board
  /** Epoch milliseconds, UTC. */
  readonly now: number
  /** Who acts: counts as one of the people an approval asks for. */
  readonly actor?: string
  /** Ids of the workspace's public components in page order; empty without a workspace (any id is taken). */
  readonly components: readonly string[]
  /** Promise per severity, in ms: what an update without `next` promises. */
  readonly cadenceMs: Readonly<Record<Severity, number>>
}

/** On what terms a rod may move. */
export interface RodTerms {
  /** The rod's own rules. Absent: a step of a move that was let through already. */
  readonly rules?: RodRules
  /** Accept where the rod is found, though someone else moved it there. */
  readonly take?: boolean
  /** The intent this one continues; refused when anybody moved the rod since. */
  readonly after?: string
  /** It goes out because its expiry passed: refused where it has a later one by now. */
  readonly expired?: boolean
}

/** What the record said of a rod when somebody went to look at it. */
export type RodAsOf = Pick<RodState, 'status' | 'since' | 'intent'>

/** What a rod's definition says about when it may move (control-rods §2). */
export interface RodRules {
  readonly conflicts: readonly Interlock[]
  readonly requires: readonly Interlock[]
  /** At least one of these stays withdrawn; empty: no such rule. */
  readonly keepOneOf: readonly string[]
  /** No opposite move sooner, ms. */
  readonly cooldownMs: number
  /** People in all, the actor counts. */
  readonly approvals: {readonly insert: number; readonly withdraw: number}
}

/** `at` back-dates an entry (RFC 3339 UTC); every intention may carry it. */
interface At {
  readonly at?: string
  readonly basis?: 'stated' | 'estimated'
  readonly approx?: boolean
  readonly precisionMs?: number
}

export type Intention = At & Act
export type Act =
  | {
      readonly intend: 'open'
      readonly title: string
      readonly severity: Severity
      readonly impact?: PublicImpact
      readonly private?: boolean
      readonly drill?: boolean
      readonly components?: Readonly<Record<string, ComponentStatus>>
      readonly text?: string
      readonly next?: number
      readonly adopt?: readonly string[]
      readonly actor: string
    }
  | {
      readonly intend: 'update'
      readonly text: string
      readonly status?: PublicStatus
      readonly next?: number
      readonly components?: Readonly<Record<string, ComponentStatus>>
      readonly promises?: readonly OtherPromise[]
    }
  | {
      readonly intend: 'schedule-update'
      /** Its name, and the id of the entry that sets it. */
      readonly timer: string
      readonly due: string
      readonly workspace: string
      readonly text: string
      readonly status?: PublicStatus
      readonly next?: number
      readonly components?: Readonly<Record<string, ComponentStatus>>
    }
  | {readonly intend: 'cancel-update'; readonly timer: string}
  | {readonly intend: 'post-scheduled'; readonly timer: string; readonly isAsked: boolean}
  | {readonly intend: 'remind-of-promise'}
  | {readonly intend: 'fill-silence'}
  | {readonly intend: 'tell-wait'; readonly timer: string}
  | {
      readonly intend: 'amend'
      readonly entry: string
      readonly text?: string
      readonly newAt?: string
      readonly why?: string
      readonly notify?: boolean
      readonly isUpdate: boolean
    }
  | {readonly intend: 'redact'; readonly entry: string; readonly why: string}
  | {readonly intend: 'note'; readonly text: string; readonly noteKind: NoteKind; readonly pin?: boolean}
  | {readonly intend: 'retitle'; readonly title: string}
  | {readonly intend: 'headline'; readonly text: string}
  | {readonly intend: 'severity'; readonly severity: Severity; readonly why?: string}
  | {readonly intend: 'impact'; readonly impact: PublicImpact; readonly why?: string}
  | {readonly intend: 'component'; readonly component: string; readonly status: ComponentStatus; readonly extent?: Extent; readonly why?: string}
  | {readonly intend: 'assign'; readonly role: Role; readonly to: string}
  | {readonly intend: 'mark'; readonly milestone: Milestone; readonly text?: string}
  | {readonly intend: 'state-measure'; readonly measure: string; readonly ms: number; readonly bound: '<=' | '~' | '='; readonly from?: string}
  | {readonly intend: 'handoff'; readonly to: string; readonly text?: string}
  | {readonly intend: 'take'; readonly actor: string}
  | {readonly intend: 'resolve'; readonly text?: string; readonly leaveIn?: readonly LeftIn[]; readonly components?: Readonly<Record<string, ComponentStatus>>}
  | {readonly intend: 'reopen'; readonly why: string}
  | {readonly intend: 'close'; readonly leaveIn?: readonly LeftIn[]}
  | {readonly intend: 'merge'; readonly into: IncidentState; readonly why?: string}
  | {readonly intend: 'record-command'; readonly data: Extract<Draft, {kind: 'command.ran'}>['data']}
  | ({readonly intend: 'insert-rod' | 'withdraw-rod'; readonly move: Intent; readonly blind?: boolean} & RodTerms)
  | {
      readonly intend: 'settle-rod'
      readonly settle: Outcome
      readonly as: 'rod.inserted' | 'rod.withdrawn' | 'rod.unverified' | 'rod.jammed'
      readonly asOf?: RodAsOf | null
    }
  | {readonly intend: 'extend-rod'; readonly rod: string; readonly expiresAt: string; readonly why: string}
  | {readonly intend: 'hold-rod'; readonly held: EventData['rod.held']}
  | {readonly intend: 'note-drift'; readonly drift: EventData['rod.drifted']}
  | {readonly intend: 'note-rivals'; readonly rod: string}
  | {readonly intend: 'remind-of-rod'; readonly rod: string}
  | {readonly intend: 'record-test'; readonly test: EventData['rod.tested']}
// biome-ignore format: one act a line

/** A refusal is a value; `actions/accept.ts` is the one place that throws it (guard.refused → 77, others by code). */
export interface Refusal {
  readonly refused: true
  readonly code: 'guard.refused' | 'entry.not-found' | 'incident.not-found' | 'time.invalid' | 'usage.invalid' | 'text.empty' | 'text.invalid' | 'rod.moved'
  readonly message: string
  readonly hints: readonly string[]
}

export type Decision = {readonly refused: false; readonly events: readonly Draft[]} | Refusal

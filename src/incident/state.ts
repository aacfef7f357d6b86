/**
 * What the events of one incident fold to. Plain JSON values only: a state is stored as a snapshot and read back.
 * A status is a union, never a bag of flags; `evolve` builds it, `decide`, page, views and postmortem read it.
 */
import type {Extent, LeftIn, OtherPromise} from './events.ts'
import type {Basis, ComponentStatus, Milestone, NoteKind, PublicImpact, PublicStatus, Role, Severity} from './words.ts'

/** An instant with what is known about it; `entry` is the event it came from. */
export interface Stamp {
  readonly at: string
  readonly recorded: string
  readonly entry: string
  readonly by: string
  readonly basis?: Basis
  readonly approx?: boolean
  readonly precisionMs?: number
}

export type Phase = 'none' | 'open' | 'resolved' | 'closed' | 'merged'

/** One `component.set` (or a snapshot that contradicted the fold), in order of `at`, then record order. */
export interface ComponentChange extends Stamp {
  readonly status: ComponentStatus
  readonly extent?: Extent
  /** Its place in record order within the incident: decides between changes at one instant. */
  readonly order?: number
}

export interface Amendment extends Stamp {
  /** The body it replaced. */
  readonly before: string
  readonly why?: string
}

export interface PostedUpdate extends Stamp {
  readonly number: number
  readonly status: PublicStatus
  /** As it reads now: amendments applied; `[redacted]` when hidden. */
  readonly body: string
  readonly components: Readonly<Record<string, ComponentStatus>>
  readonly nextUpdateBy?: string
  readonly promiseBasis?: 'given' | 'cadence'
  readonly promises: readonly OtherPromise[]
  readonly amendments: readonly Amendment[]
  readonly redacted?: string
}

export interface PinnedNote extends Stamp {
  readonly noteKind: NoteKind
  readonly text: string
}

export interface StatedMeasure extends Stamp {
  readonly measure: string
  readonly ms: number
  readonly bound: '<=' | '~' | '='
  readonly from?: string
}

export interface ActionItem extends Stamp {
  readonly action: string
  readonly text: string
  readonly owner?: string
  readonly done?: Stamp
  readonly links: readonly string[]
}

export interface IncidentState {
  readonly id: string
  readonly phase: Phase
  readonly title: string
  /** The entry that gave the title: a correction of it is one of the title. */
  readonly titledBy?: string
  readonly severity: Severity
  /** As someone said (`scram impact`); null: computed from the components (`publicImpact`). */
  readonly impact: PublicImpact | null
  readonly isPrivate: boolean
  readonly isDrill: boolean
  readonly opened: Stamp | null
  /** All resolves, reopenings and closings, in record order; the last resolve is the end. */
  readonly resolves: readonly Stamp[]
  readonly reopens: readonly (Stamp & {readonly why: string})[]
  readonly closed: Stamp | null
  readonly leftIn: readonly LeftIn[]
  readonly mergedInto: string | null
  readonly merged?: Stamp
  readonly components: Readonly<Record<string, readonly ComponentChange[]>>
  readonly updates: readonly PostedUpdate[]
  readonly headline: string | null
  readonly headlineEntry?: string
  readonly roles: Readonly<Partial<Record<Role, string>>>
  readonly handoff: {readonly to: string; readonly offer: string; readonly text?: string} | null
  readonly milestones: Readonly<Partial<Record<Milestone, Stamp>>>
  readonly measures: readonly StatedMeasure[]
  readonly pinned: readonly PinnedNote[]
  readonly causes: readonly Stamp[]
  readonly actions: readonly ActionItem[]
  /** Entries hidden by `entry.redacted`: event id → why. */
  readonly redacted: Readonly<Record<string, string>>
  /** Latest correction per entry: event id → what it says now. */
  readonly corrected: Readonly<Record<string, {readonly text?: string; readonly at?: string}>>
  readonly postmortem: {readonly drafted?: Stamp; readonly published?: Stamp}
  /** Events folded, and the last one's `at`, in record order. */
  readonly count: number
  readonly lastAt: string | null
}

/** The state before the first event. */
export function emptyIncident(id: string): IncidentState {
  return {
    id, phase: 'none', title: '', severity: 'SEV3', impact: null, isPrivate: false, isDrill: false, opened: null, resolves: [], reopens: [],
    closed: null, leftIn: [], mergedInto: null, components: {}, updates: [], headline: null, roles: {}, handoff: null, milestones: {},
    measures: [], pinned: [], causes: [], actions: [], redacted: {}, corrected: {}, postmortem: {}, count: 0, lastAt: null,
  } // biome-ignore format: one look
}

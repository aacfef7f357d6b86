/**
 * The closed vocabularies of an incident, in order. `docs/words.md` explains them; flags, schemas and completions are
 * made from these lists, so a word is spelt once.
 */
export const SEVERITIES = ['SEV1', 'SEV2', 'SEV3', 'SEV4', 'SEV5'] as const
/** Lower is worse. */
export type Severity = (typeof SEVERITIES)[number]

/** From good to bad; `worst` compares by this order. */
export const COMPONENT_STATUSES = ['operational', 'under_maintenance', 'degraded_performance', 'partial_outage', 'major_outage'] as const
export type ComponentStatus = (typeof COMPONENT_STATUSES)[number]

export const PUBLIC_IMPACTS = ['none', 'minor', 'major', 'critical'] as const
export type PublicImpact = (typeof PUBLIC_IMPACTS)[number]

export const PUBLIC_STATUSES = ['investigating', 'identified', 'monitoring', 'resolved'] as const
export type PublicStatus = (typeof PUBLIC_STATUSES)[number]

export const MILESTONES = ['started', 'detected', 'acknowledged', 'engaged', 'public', 'identified', 'mitigated', 'recovered', 'resolved', 'closed'] as const
export type Milestone = (typeof MILESTONES)[number]

export const ROLES = ['ic', 'deputy', 'scribe', 'comms', 'ops', 'sme'] as const
export type Role = (typeof ROLES)[number]

export const NOTE_KINDS = ['note', 'decision', 'finding', 'hypothesis', 'action', 'todo', 'cause'] as const
export type NoteKind = (typeof NOTE_KINDS)[number]

/** How an instant is known, best first. A number takes the worst basis of its endpoints. */
export const BASES = ['recorded', 'stated', 'estimated', 'assumed'] as const
export type Basis = (typeof BASES)[number]

export const ACTOR_KINDS = ['person', 'run', 'watch', 'hub', 'alert', 'import'] as const
export type ActorKind = (typeof ACTOR_KINDS)[number]

export const COMPONENT_KINDS = ['service', 'communication', 'tooling'] as const
export type ComponentKind = (typeof COMPONENT_KINDS)[number]

/** The promise an update makes when nobody gave one and the workspace names no cadence, in ms. */
export const DEFAULT_CADENCE_MS: Readonly<Record<Severity, number>> = {
  SEV1: 20 * 60_000,
  SEV2: 30 * 60_000,
  SEV3: 60 * 60_000,
  SEV4: 60 * 60_000,
  SEV5: 60 * 60_000,
}

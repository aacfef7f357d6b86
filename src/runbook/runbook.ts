/** A runbook as it is run: checked, defaults applied, durations in ms; a tree, for a loop is unrolled only while it runs. */
import type {Json} from '../lib/canonical.ts'
import type {YamlPath} from '../lib/yaml-source.ts'
import type {OutputType} from './ports.ts'

export type InputType = 'string' | 'int' | 'number' | 'bool' | 'duration'

export interface InputDefinition {
  readonly type: InputType
  readonly required: boolean
  readonly default?: string | number | boolean
  readonly pattern?: string
  readonly choices?: readonly (string | number | boolean)[]
  readonly prompt?: string
}

export interface Retry {
  /** Further attempts. */
  readonly max: number
  readonly delayMs: number
  readonly backoff: number
  readonly jitter: boolean
  /** Fault codes it answers to; absent: whatever the action calls retryable. */
  readonly on?: readonly string[]
}

/** What happens once nothing more is tried by itself. */
export type Last = 'ask' | 'stop' | 'continue'
export type UndoScope = 'step' | 'group' | 'run'
/** `goto` names a later step of the same list. */
export type OnFailure = Last | {readonly goto: string} | {readonly undo: UndoScope; readonly then: Last}
export type ResumePolicy = 'verify' | 'safe' | 'ask'

/** Another person than the one who drives. */
export interface Approve {
  /** Roles, one of which the approver holds; empty: anyone else. */
  readonly from: readonly string[]
  readonly count: number
  readonly timeoutMs: number
  /** `ask`: the driver may then go on by typing why. */
  readonly onTimeout: 'ask' | 'stop'
}

/** Asked after the effect, and again at resume when nobody saw how an attempt ended. */
export interface Verify {
  readonly uses: string
  readonly with: Readonly<Record<string, Json>>
  /** CEL over `result`. */
  readonly expect: string
  readonly withinMs: number
  readonly everyMs: number
}

interface Common {
  readonly id: string
  /** Template. */
  readonly name: string
  /** Neither `id` nor `name` was written. */
  readonly isAnonymous: boolean
  /** Only `name` was written: the id is made of it. */
  readonly isNamedOnly: boolean
  /** Where it stands in the file. */
  readonly path: YamlPath
  /** CEL; null: always. */
  readonly if: string | null
}

interface Acting extends Common {
  /** Template, or true. */
  readonly confirm: string | true | null
  readonly approve: Approve | null
  readonly onFailure: OnFailure
  readonly undo: UsesStep | RunStep | null
}

interface Attempted extends Acting {
  readonly timeoutMs: number
  readonly retry: Retry | null
  /** The step's own `retry`, not the runbook's default. */
  readonly ownRetry: boolean
  readonly resume: ResumePolicy | null
  readonly verify: Verify | null
  /** Template; null: RUN/INSTANCE. */
  readonly idempotencyKey: string | null
}

export interface UsesStep extends Attempted {
  readonly kind: 'uses'
  readonly uses: string
  readonly with: Readonly<Record<string, Json>>
}

export interface RunStep extends Attempted {
  readonly kind: 'run'
  /** Templates but the first; a script is `/bin/sh -eu -c SCRIPT` (bash: `-euo pipefail`) and constant. */
  readonly argv: readonly string[]
  readonly script: string | null
  readonly env: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
  readonly effect: 'unsafe' | 'idempotent'
  readonly outputs: 'text' | Readonly<Record<string, OutputType>> | null
  /** What `--check` runs in its place; constant. */
  readonly check: readonly string[] | null
}

export interface ManualStep extends Acting {
  readonly kind: 'manual'
  /** Template. */
  readonly text: string
  readonly evidence: 'optional' | 'required'
  readonly outputs: Readonly<Record<string, OutputType>>
}

export interface WaitStep extends Acting {
  readonly kind: 'wait'
  readonly waitMs: number
}

export interface WaitUntilStep extends Acting {
  readonly kind: 'wait_until'
  readonly until: string
  readonly probe: {readonly uses: string; readonly with: Readonly<Record<string, Json>>}
  readonly everyMs: number
  readonly forMs: number
  readonly timeoutMs: number
}

export type Step = UsesStep | RunStep | ManualStep | WaitStep | WaitUntilStep

/** Steps in order; with `forEach` once for each item. Without an `id` it adds no part to the identity of its steps. */
export interface Group extends Common {
  readonly kind: 'group'
  readonly hasId: boolean
  readonly forEach: ForEach | null
  readonly steps: readonly Node[]
}

/** A list as written (scalars may be templates), or CEL that gives one. */
export type ForEach = {readonly items: readonly Json[]} | {readonly cel: string}

/** Steps at the same time; without an `id` it adds no part to their identity. */
export interface Parallel extends Common {
  readonly kind: 'parallel'
  readonly hasId: boolean
  readonly steps: readonly (UsesStep | RunStep | WaitStep | WaitUntilStep)[]
}

/** Another runbook of the workspace, pinned with this one. */
export interface Call extends Common {
  readonly kind: 'call'
  readonly runbook: string
  /** Its inputs; templates. */
  readonly with: Readonly<Record<string, Json>>
  readonly called: Runbook
}

export type Node = Step | Group | Parallel | Call
export type NodeList = readonly Node[]

/** The promise clock while the incident is public. */
export interface Updates {
  readonly everyMs: number
  readonly atMostMs: number | null
  readonly mode: 'prompt' | 'draft' | 'auto'
  /** Constant: it may be posted unattended. */
  readonly fallback: string | null
}

export interface Runbook {
  readonly id: string
  readonly title: string
  readonly description: string | null
  readonly owners: readonly string[]
  readonly severity: string | null
  readonly inputs: Readonly<Record<string, InputDefinition>>
  readonly updates: Updates | null
  readonly steps: NodeList
  readonly onAbort: readonly UsesStep[]
  readonly outputs: Readonly<Record<string, string>>
}

/** Every node, in the order of the file; not those of called runbooks. */
export function* nodesOf(list: NodeList): Generator<Node> {
  for (const node of list) {
    yield node
    if (node.kind === 'group' || node.kind === 'parallel') yield* nodesOf(node.steps)
  }
}

/** The steps that do something, in the order of the file; not those of called runbooks, nor undos. */
export function* stepsOf(list: NodeList): Generator<Step> {
  for (const node of nodesOf(list)) if (node.kind !== 'group' && node.kind !== 'parallel' && node.kind !== 'call') yield node
}

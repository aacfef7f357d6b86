/** A runbook as it is run: checked, durations in ms, groups flattened into a list of steps in order. */
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

export type OnFailure = 'ask' | 'stop' | 'continue'
export type ResumePolicy = 'verify' | 'safe' | 'ask'

/** An `if`, of the step or of a group around it; the result is recorded under `at`. */
export interface Condition {
  readonly at: string
  readonly source: string
  readonly path: YamlPath
}

interface Common {
  readonly id: string
  /** Group path and id: `patch/push`. */
  readonly instance: string
  /** Template. */
  readonly name: string
  /** Neither `id` nor `name` was written. */
  readonly isAnonymous: boolean
  /** Only `name` was written: the id is made of it. */
  readonly isNamedOnly: boolean
  /** Where it stands in the file. */
  readonly path: YamlPath
  readonly conditions: readonly Condition[]
  /** Template, or true. */
  readonly confirm: string | true | null
  readonly onFailure: OnFailure
}

export interface UsesStep extends Common {
  readonly kind: 'uses'
  readonly uses: string
  readonly with: Readonly<Record<string, Json>>
  readonly timeoutMs: number
  readonly retry: Retry | null
  /** The step's own `retry`, not the runbook's default. */
  readonly ownRetry: boolean
  readonly resume: ResumePolicy | null
}

export interface RunStep extends Common {
  readonly kind: 'run'
  /** Templates but the first; a script is `/bin/sh -eu -c SCRIPT` and constant. */
  readonly argv: readonly string[]
  readonly script: string | null
  readonly env: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
  readonly effect: 'unsafe' | 'idempotent'
  readonly outputs: 'text' | Readonly<Record<string, OutputType>> | null
  readonly timeoutMs: number
  readonly retry: Retry | null
  readonly ownRetry: boolean
  readonly resume: ResumePolicy | null
}

export interface ManualStep extends Common {
  readonly kind: 'manual'
  /** Template. */
  readonly text: string
  readonly evidence: 'optional' | 'required'
  readonly outputs: Readonly<Record<string, OutputType>>
}

export interface WaitStep extends Common {
  readonly kind: 'wait'
  readonly waitMs: number
}

export interface WaitUntilStep extends Common {
  readonly kind: 'wait_until'
  readonly until: string
  readonly probe: {readonly uses: string; readonly with: Readonly<Record<string, Json>>}
  readonly everyMs: number
  readonly forMs: number
  readonly timeoutMs: number
}

export type Step = UsesStep | RunStep | ManualStep | WaitStep | WaitUntilStep

export interface Runbook {
  readonly id: string
  readonly title: string
  readonly description: string | null
  readonly owners: readonly string[]
  readonly severity: string | null
  readonly inputs: Readonly<Record<string, InputDefinition>>
  readonly steps: readonly Step[]
  readonly outputs: Readonly<Record<string, string>>
}

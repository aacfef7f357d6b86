import type {StepEffect, StepKind} from '../incident/events.ts'
import type {Json} from '../lib/canonical.ts'
import type {JsonMap} from './ports.ts'
import type {ResumePolicy, UndoScope} from './runbook.ts'

/** What is known of a step that was begun, whatever became of it. */
export interface Begun {
  /** The last attempt, from 1; 0: it never began. */
  readonly attempt: number
  readonly startedAt: string
  readonly kind: StepKind
  readonly uses: string | null
  readonly effect: StepEffect
  readonly resume: ResumePolicy
  /** As sent the first time; every further attempt sends this. Null: it failed before it was rendered. */
  readonly sent: Json | null
  readonly verify: Json | null
  readonly key: string | null
  readonly title: string
  readonly outputs: JsonMap
  /** The last line it said, when somebody heard it. */
  readonly tail: string
  /** Since the last answer of a person: attempts that failed, and attempts whose end nobody saw. */
  readonly failures: number
  readonly unknowns: number
  /** How often it was undone and is done anew: another effect, so another key. */
  readonly round: number
  /** It was undone and shall be done anew, and was not begun since: what it asks it asks again. */
  readonly isRedone: boolean
  /** The failed step for which this one was undone. */
  readonly undoneFor: string | null
}

export interface Failure {
  readonly code: string
  readonly message: string
  readonly retryable: boolean
  /** The run goes on past it, and is not green at its end. */
  readonly handled: boolean
  /** Where it goes on. */
  readonly goto: string | null
  /** What is being undone because of it, and whether that is over. */
  readonly undo: UndoScope | null
  readonly isUndone: boolean
}

export type StepState = Begun &
  (
    | {readonly status: 'started'}
    /** `again`: an attempt shall be made, with what was sent. */
    | {readonly status: 'again'}
    | {readonly status: 'unknown'; readonly reason: string}
    | ({readonly status: 'failed'} & Failure)
    | {readonly status: 'finished'}
    | {readonly status: 'skipped'; readonly reason: string}
  )

export type StateOf<S extends StepState['status']> = Extract<StepState, {status: S}>

export function begun({
  attempt,
  startedAt,
  kind,
  uses,
  effect,
  resume,
  sent,
  verify,
  key,
  title,
  outputs,
  tail,
  failures,
  unknowns,
  round,
  isRedone,
  undoneFor,
}: Begun): Begun {
  // biome-ignore format: a list to read, not a column
  return {attempt, startedAt, kind, uses, effect, resume, sent, verify, key, title, outputs, tail, failures, unknowns, round, isRedone, undoneFor}
}

export function unseen(at: string): Begun {
  const nothing = {
    uses: null,
    sent: null,
    verify: null,
    key: null,
    title: '',
    outputs: {},
    tail: '',
    failures: 0,
    unknowns: 0,
    round: 0,
    isRedone: false,
    undoneFor: null,
  }
  return {attempt: 0, startedAt: at, kind: 'uses', effect: 'unsafe', resume: 'ask', ...nothing}
}

import type {StepEffect} from '../incident/events.ts'
import type {Json} from '../lib/canonical.ts'
import type {Change} from './check-ports.ts'
import type {Node} from './runbook.ts'

/** Whether it would run: `maybe` where an `if`, its own or one around it, cannot be told yet. */
export type Branch = 'yes' | 'no' | 'maybe'

/** One step (or group, loop, call) as a run would meet it now; in the order of the run. Secrets are masked everywhere. */
export interface CheckedRow {
  readonly instance: string
  /** Groups, loops and calls around it. */
  readonly depth: number
  readonly kind: Node['kind']
  readonly title: string
  readonly branch: Branch
  /** Why it would not run, or why that is not known. */
  readonly because: string | null
  /** Row of the table of actions, `exec` for a command; null for what sends nothing. */
  readonly uses: string | null
  readonly effect: StepEffect | null
  /** What would be sent; `‹steps.probe.status?›` stands for what is not known yet. */
  readonly sent: Json
  /** The same with readings left out: what a plan hash covers. */
  readonly sealed: Json
  /** The exact effect, a line each. */
  readonly lines: readonly string[]
  /** Whom it would ask for what. */
  readonly asks: readonly string[]
  readonly changes: readonly Change[]
  /** What a look showed now; null: nobody looked. */
  readonly seen: string | null
  /** Its result is known, so what depends on it is, too. */
  readonly isKnown: boolean
  /** What is wrong: the run would fail here. */
  readonly finding: string | null
}

const NOTHING = {because: null, uses: null, effect: null, sent: null, sealed: null, lines: [], asks: [], changes: [], seen: null, finding: null} as const

export function rowOf(given: Pick<CheckedRow, 'instance' | 'depth' | 'kind' | 'title' | 'branch'> & Partial<CheckedRow>): CheckedRow {
  return {...NOTHING, isKnown: false, ...given}
}

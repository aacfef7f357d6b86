/**
 * What a run is handed from outside: the clock, the record, the actions, a person. The room knows no journal and no
 * action: whoever drives a run (the command line, the drill, a test) builds these.
 */
import type {Draft, Recorded} from '../incident/events.ts'
import type {Json} from '../lib/canonical.ts'
import type {Clock} from '../lib/clock.ts'

export type JsonMap = Readonly<Record<string, Json>>

/** Type of one output of an action, as expressions see it. An output may be absent: test it with `has()`. */
export type OutputType = 'string' | 'bool' | 'int' | 'double' | 'list'

/** What is wrong with a step's `with`; `path` leads into it and is empty when the whole is meant. */
export interface InputIssue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/**
 * One row of the table of actions. Ids, effects and outputs are plain data; what `check` and `describe` need is loaded
 * when they are called.
 */
export interface ActionRow {
  /** `rod/insert`: what one types after `scram`, `/` for blanks. */
  readonly id: string
  readonly effect: 'none' | 'record' | 'idempotent' | 'unsafe'
  /** What to do with an attempt whose end nobody saw. `verify` needs `RunPorts.verify` to know this row. */
  readonly resume: 'verify' | 'safe' | 'ask'
  readonly outputs: Readonly<Record<string, OutputType>>
  /** Pure but for loading its schema. Values still holding `${{ }}` are passed as written; issues at them are dropped. */
  check(given: JsonMap): Promise<readonly InputIssue[]>
  /** One line: the exact effect, for a question before it happens. */
  describe(given: JsonMap): string
}

export interface ActionTable {
  /** Short verb and long form (`open`, `incident/open`) are one row. */
  get(uses: string): ActionRow | undefined
  ids(): readonly string[]
}

/** One attempt of a step. `key` is the same over all attempts, `instance` carries `#attempt`. */
export interface ActionCall {
  readonly run: string
  readonly instance: string
  readonly attempt: number
  readonly key: string
  /** RFC 3339 UTC; the signal fires then. Null: no limit. */
  readonly deadline: string | null
  readonly uses: string
  readonly with: JsonMap
}

export interface CommandCall extends Omit<ActionCall, 'uses' | 'with'> {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Variable → reference (`env:NAME`, `file:/path`); resolved just before the child starts, never recorded. */
  readonly secrets: Readonly<Record<string, string>>
}

export interface Failed {
  readonly end: 'failed'
  readonly code: string
  readonly message: string
  readonly retryable: boolean
}
/** It may have happened: the connection was lost after sending, the child was killed, nobody saw the end. */
export interface Unknown {
  readonly end: 'unknown'
  readonly reason: string
  readonly output?: StepOutput
}
/** How an attempt ended. Thrown are only bugs, a lost lease and the abort of its signal. */
export type Performed = {readonly end: 'finished'; readonly outputs: JsonMap; readonly evidence?: string} | Failed | Unknown

/** What a command said, redacted: how many bytes, their SHA-256, and the last 4 KiB. Stdout and stderr in the order of arrival. */
export interface StepOutput {
  readonly bytes: number
  readonly digest: string
  readonly tail: string
}

/** The process of an attempt whose driver is gone. */
export interface Outlived {
  readonly pid: number
}

/** `stdout` is redacted and at most 16 KiB; null: it was longer. `failed`: the program could not be started. */
export type Ran = {readonly end: 'exited'; readonly exitCode: number; readonly stdout: string | null; readonly output?: StepOutput} | Failed | Unknown

/** The events around what a `record` action proposes; all of it is ONE append, so the step is never unknown. */
export interface Frame {
  readonly before: readonly Draft[]
  after(outputs: JsonMap): readonly Draft[]
}

/** `recorded`: everything, the frame included. Else nothing was appended, and the engine records why. */
export type RecordedStep =
  | {readonly end: 'recorded'; readonly events: readonly Recorded[]}
  | {readonly end: 'skipped'; readonly reason: 'already-open'}
  | Failed

/** Asked of the world after an attempt whose end nobody saw. */
export type Verified =
  | {readonly holds: true; readonly outputs: JsonMap; readonly evidence?: string}
  | {readonly holds: false; readonly evidence?: string}
  | {readonly holds: 'unknown'; readonly evidence?: string}

/** What expressions may look at, as recorded now. Absent fields are absent in expressions too. */
export interface Facts {
  readonly incident: {
    readonly id: string
    readonly title: string
    readonly severity: string
    readonly status?: string
    readonly public: boolean
    readonly lead?: string
    /** RFC 3339 UTC. */
    readonly opened: string
    readonly components: Readonly<Record<string, string>>
  } | null
  readonly rods: {
    /** Everything not withdrawn (`maybeIn`). */
    readonly inserted: number
    readonly position: Readonly<Record<string, string>>
    readonly in: readonly string[]
  }
}

/** `lines` say what would happen; `of` decides which answers make sense. */
export interface Question {
  readonly of: 'confirm' | 'approve' | 'manual' | 'unknown' | 'running' | 'failure'
  readonly step: string
  readonly title: string
  readonly text: string
  readonly lines: readonly string[]
  readonly answers: readonly Answer['answer'][]
  /** Name → type. `manual`: asked for; `unknown`: what the step would have answered, for whoever knows. */
  readonly outputs: Readonly<Record<string, OutputType>>
  readonly evidence: 'optional' | 'required'
}

/**
 * `stop` parks the run. `again` runs a failed or unknown step again; `done` says that it did happen; `undo` takes a
 * failed step back; `override` goes on without the approval, and wants `why`. Of a command that outlived its driver: `wait`
 * until it ends, `end` it.
 */
export interface Answer {
  readonly answer: 'yes' | 'done' | 'again' | 'undo' | 'override' | 'wait' | 'end' | 'skip' | 'stop'
  readonly outputs?: Readonly<Record<string, string>>
  readonly evidence?: string
  readonly why?: string
}

/**
 * The live view. Told only what is durable already, but for `started` of a wait, `waiting`, and `said`: what a command wrote
 * just now, redacted, in `detail`, cut anywhere; whole and for later it is in the artefact.
 */
export interface RunNews {
  readonly event: 'run.started' | 'run.resumed' | 'run.parked' | 'run.finished' | 'step.started' | 'step.said' | 'step.waiting' | 'step.retrying' | StepEnd
  readonly at: string
  readonly run: string
  readonly step?: string
  readonly title?: string
  readonly ms?: number
  readonly detail?: string
  /** Of what began: when it is given up or over (RFC 3339), and which step comes after it. */
  readonly until?: string
  readonly next?: string
}
type StepEnd = 'step.finished' | 'step.failed' | 'step.skipped' | 'step.unknown' | 'step.settled'

export interface RunPorts {
  readonly clock: Clock
  readonly actions: ActionTable
  /** Effects `none`, `idempotent`, `unsafe`. Must end when the signal fires. */
  perform(call: ActionCall, signal: AbortSignal): Promise<Performed>
  /** Effect `record`: folds, proposes, appends frame and events in one transaction. */
  record(call: ActionCall, frame: Frame): Promise<RecordedStep>
  /** After `record`: publish, drain the outbox; answers with what did not get out. It never fails the step. */
  follow(call: ActionCall): Promise<readonly string[]>
  /** Rows whose `resume` is `verify`: did it happen? */
  verify(call: ActionCall, signal: AbortSignal): Promise<Verified>
  runCommand(call: CommandCall, signal: AbortSignal): Promise<Ran>
  /** Does the command of this attempt still run, although whoever started it is gone? Absent: no command outlives its driver here. */
  outlived?(attempt: Pick<CommandCall, 'run' | 'instance'>): Outlived | null
  /** Ends it, and all it began. */
  endOutlived?(attempt: Pick<CommandCall, 'run' | 'instance'>): Promise<void>
  /** Under the run's lease. @throws Fault lease.lost, as the journal says */
  append(drafts: readonly Draft[]): Promise<readonly Recorded[]>
  state(): Promise<Facts>
  /** Null: no terminal. Rejects with an abort when the signal fires. */
  readonly ask: ((question: Question, signal: AbortSignal) => Promise<Answer>) | null
  /** This run's events as they are now: another person's answer may have come meanwhile. */
  events(): Promise<readonly Recorded[]>
  /** Resolves when something was appended since the last look. @throws the signal's reason */
  changed(signal: AbortSignal): Promise<void>
  /** Between two steps and at every nap of a wait: asks for what was promised. Never fails. False: Ctrl-C. */
  between(): Promise<boolean>
  tell(news: RunNews): void
}

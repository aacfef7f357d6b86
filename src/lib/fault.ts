/**
 * Every way a command can fail on purpose. `noun.problem`, a closed union: `cli/exit.ts` maps each to one exit code and
 * does not compile with a row missing. What differs between two faults of one code is data, in message and hints.
 */
export type FaultCode =
  // 1: the answer is no
  | 'check.failed'
  | 'stream.stopped'
  // 3, 4: recorded here, the rest waits
  | 'output.failed'
  | 'delivery.pending'
  | 'person.needed'
  // 64: usage
  | 'usage.invalid'
  | 'usage.missing'
  | 'usage.ambiguous'
  | 'usage.terminal'
  | 'text.empty'
  | 'time.invalid'
  | 'duration.invalid'
  // 65: a file or a text that does not parse or check
  | 'file.invalid'
  | 'config.invalid'
  | 'runbook.invalid'
  | 'record.invalid'
  | 'record.too-large'
  | 'text.invalid'
  // 66: no such thing
  | 'file.not-found'
  | 'incident.not-found'
  | 'component.not-found'
  | 'entry.not-found'
  | 'rod.not-found'
  | 'runbook.not-found'
  | 'run.not-found'
  // 69: the other side
  | 'net.unreachable'
  | 'rod.unreachable'
  | 'rod.unanswered'
  // 70
  | 'bug'
  // 73, 75: the journal
  | 'journal.unwritable'
  | 'journal.corrupt'
  | 'journal.busy'
  | 'run.busy'
  | 'rod.busy'
  | 'drill.busy'
  // 77: refused
  | 'guard.refused'
  | 'incident.several'
  | 'rod.refused'
  | 'rod.moved'
  | 'lease.lost'
  | 'net.refused'
  // 78: set-up
  | 'secret.missing'
  | 'workspace.foreign'
  | 'setup.invalid'
  // 130
  | 'interrupted'

export interface FaultOptions {
  /** Commands that can be pasted, or one line of advice each. */
  readonly hints?: readonly string[]
  /** Kept for DEBUG only: it may hold tokens and never reaches an output. */
  readonly cause?: unknown
}

/**
 * What failed, with the value that was wrong; after a failed effect, what is still true. Anything that is thrown and is
 * not a Fault (nor an abort) is a bug and ends with 70.
 */
export class Fault extends Error {
  readonly code: FaultCode
  readonly hints: readonly string[]

  constructor(code: FaultCode, message: string, {hints = [], cause}: FaultOptions = {}) {
    super(message, cause === undefined ? undefined : {cause})
    this.name = 'Fault'
    this.code = code
    this.hints = hints
  }
}

/** An abort is neither a Fault nor a bug: the person (or a deadline) ended the work. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'AbortPromptError' || error.name === 'ExitPromptError')
}

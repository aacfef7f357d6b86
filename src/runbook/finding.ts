/** What is wrong (E: `scram run` refuses too) or doubtful (W) in a runbook, and where. */
export type LintCode =
  | 'yaml'
  | 'schema'
  | 'step-kind'
  | 'duplicate-id'
  | 'unknown-action'
  | 'action-input'
  | 'unknown-name'
  | 'broken-rod'
  | 'expression'
  | 'expression-fence'
  | 'not-visible'
  | 'shell-splice'
  | 'argv0-computed'
  | 'secret-in-text'
  | 'retry-unsafe'
  | 'ask-in-parallel'
  | 'resume-verify'
  | 'loop-key'
  | 'goto-target'
  | 'call-cycle'
  | 'fallback-text'
  | 'abort-effect'
  | 'rod-left-in'
  | 'no-verify'
  | 'id-missing'
  | 'withdraw-unguarded'
  | 'resolve-unguarded'
  | 'approve-timeout'
  | 'status-order'
  | 'cadence'
  | 'shell-quoting'
  | 'dash-value'
  | 'unannounced'

export interface Finding {
  readonly level: 'E' | 'W'
  readonly code: LintCode
  readonly message: string
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
}

/** `runbooks/a.yaml:12:5  E schema  …` */
export function findingLine({file, line, column, level, code, message}: Finding): string {
  return `${file}:${line}:${column}  ${level} ${code}  ${message}`
}

export function byPlace(a: Finding, b: Finding): number {
  return a.line - b.line || a.column - b.column || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0)
}

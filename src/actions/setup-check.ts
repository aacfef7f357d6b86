/** One thing `doctor` looked at. `warn` is worth knowing, `fail` will stop somebody. */
export interface SetupCheck {
  readonly what: string
  readonly verdict: 'ok' | 'warn' | 'fail'
  readonly found: string
  readonly hints: readonly string[]
}

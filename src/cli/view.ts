import type {ExitCode} from './exit.ts'

/**
 * What a command shows: text for a person, the same facts as one stable JSON object, the exit code. Views are pure
 * functions from what was recorded to this; they read no clock and compute nothing.
 */
export interface View<J extends object = object> {
  /** Lines for stdout. Text from outside is made safe by the base command, once, when it prints. */
  readonly text: readonly string[]
  readonly json: J
  readonly exit: ExitCode
  /** Lines for stderr: what the person should know besides the result (the JSON holds it too). */
  readonly narration?: readonly string[]
}

import type {Fault} from '../lib/fault.ts'

export interface Issue {
  /** Within the rod's section: `['with', 'set', 'url']`. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

export interface RodContext {
  /** The workspace folder. */
  readonly folder: string
  /** @throws Fault secret.missing */
  secret(reference: string): Promise<string>
  /** Makes the `config.invalid` of these issues, with file:line:column. */
  invalid(issues: readonly Issue[]): Fault
}

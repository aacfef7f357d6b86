import type {Fault} from '../lib/fault.ts'

export interface Issue {
  /** Within the rod's section: `['with', 'set', 'url']`. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** What a rod needs of the workspace it stands in. */
export interface RodSurroundings {
  /** The workspace folder. */
  readonly folder: string
  /** @throws Fault secret.missing */
  secret(reference: string): Promise<string>
  /** Makes the `config.invalid` of these issues, with file:line:column: it may have to read the file first. */
  invalid(issues: readonly Issue[]): Fault | Promise<Fault>
}

export interface RodContext extends Omit<RodSurroundings, 'invalid'> {
  /** For throwing: `openRod` makes the `config.invalid` of it. */
  invalid(issues: readonly Issue[]): RodFlaw
}

/** A section is not as it should be. */
export class RodFlaw extends Error {
  readonly issues: readonly Issue[]

  constructor(issues: readonly Issue[]) {
    super(issues.map(({message}) => message).join('; '))
    this.name = 'RodFlaw'
    this.issues = issues
  }
}

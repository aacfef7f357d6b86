/** Why a target does not show the page. Part of the record (`page.failed`), so a code keeps its meaning. */
export type PublishCode =
  | 'build.invalid'
  /** Asks for the whole build; never recorded. */
  | 'build.partial'
  | 'target.busy'
  | 'target.slow'
  | 'target.full'
  | 'target.unwritable'
  | 'target.foreign'
  | 'target.diverged'
  | 'target.unfinished'
  | 'target.unverified'

export class NotPublished extends Error {
  readonly code: PublishCode

  constructor(code: PublishCode, message: string) {
    super(message)
    this.code = code
  }
}

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT'])

/** Anything a file system says, as an answer; what is not its word is a bug and goes on as one. */
export function toNotPublished(error: unknown, path: string): NotPublished {
  if (error instanceof NotPublished) return error
  const code = codeOf(error)
  if (code === null) throw error
  if (code === 'TimeoutError' || code === 'ABORT_ERR') return new NotPublished('target.slow', `${path} did not take the page in time`)
  if (FULL.has(code)) return new NotPublished('target.full', `${path} has no room left (${code})`)
  return new NotPublished('target.unwritable', `${path} cannot be written (${code})`)
}

export function isCode(error: unknown, code: string): boolean {
  return codeOf(error) === code
}

/** By shape, not by class: an error may come from another realm. An abort by a deadline has a name and no code of use. */
function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null
  if ('name' in error && error.name === 'TimeoutError') return 'TimeoutError'
  return 'code' in error && typeof error.code === 'string' ? error.code : null
}

/** Why a target does not show the page. Part of the record (`page.failed`), so a code keeps its meaning. */
export type PublishCode =
  | 'build.invalid'
  | 'target.busy'
  | 'target.slow'
  | 'target.full'
  | 'target.unwritable'
  | 'target.foreign'
  | 'target.diverged'
  | 'target.unverified'

export class NotPublished extends Error {
  readonly code: PublishCode

  constructor(code: PublishCode, message: string) {
    super(message)
    this.code = code
  }
}

const FULL: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT'])

/** Anything a file system says, as an answer; what is not its word is a bug and goes on as one. */
export function toNotPublished(error: unknown, path: string): NotPublished {
  if (error instanceof NotPublished) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (error instanceof DOMException) return new NotPublished('target.slow', `${path} did not take the page in time`)
  if (typeof code !== 'string') throw error
  if (FULL.has(code)) return new NotPublished('target.full', `${path} has no room left (${code})`)
  return new NotPublished('target.unwritable', `${path} cannot be written (${code})`)
}

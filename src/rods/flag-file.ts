/** A flag file, on this machine or behind a prefix: both answer the same questions about it, by different means. */
export interface FlagFile {
  /** What `put` would do, a line each. Pure. */
  plan(text: FlagText): readonly string[]
  /**
   * Absolute; twice is once. Never creates the folder, never writes through a symbolic link. Resolves with one printable
   * line. @throws Fault of the rod port; an abort passes through
   */
  put(text: FlagText, signal: AbortSignal): Promise<string>
  /** `unknown` wherever neither the file nor its absence was seen. Does not reject, but with a person's abort. */
  look(signal: AbortSignal): Promise<FlagLook>
  advise(): Promise<readonly string[]>
}

/** What the file is to say; null: it is not to be there. Where only its presence counts the text is empty. */
export type FlagText = string | null

export type FlagLook =
  | {readonly is: 'there'; readonly text: string; readonly version?: string; readonly evidence: string}
  | {readonly is: 'absent' | 'unknown'; readonly evidence: string}

export interface FlagFileOptions {
  readonly path: string
  /** Whether anybody reads what the file says. */
  readonly hasContent: boolean
}

/** More than this is no position that an application reads. */
export const MOST_FLAG_BYTES = 65_536

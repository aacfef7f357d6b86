import {basename} from 'node:path'
import {Fault} from '../lib/fault.ts'
import {readFileBounded, UnreadableFile} from '../lib/files.ts'
import {sha256Hex} from '../lib/sha256.ts'

const LONGEST_BYTES = 64 * 1024 * 1024

/**
 * What shows that a step was done: a text, and a file by name, size and SHA-256. Its content stays where it is.
 * @throws Fault file.not-found · file.invalid
 */
export function evidenceOf(message: string | undefined, file: string | undefined): string | undefined {
  const parts = [message, file === undefined ? undefined : fileWords(file)].filter(part => part !== undefined)
  return parts.length === 0 ? undefined : parts.join('; ')
}

function fileWords(file: string): string {
  try {
    const content = readFileBounded(file, LONGEST_BYTES, {follow: true})
    return `${basename(file)}, ${content.length} bytes, sha256 ${sha256Hex(content)}`
  } catch (cause) {
    if (cause instanceof UnreadableFile) throw new Fault('file.invalid', `${file} cannot be read: ${cause.message}`, {cause})
    throw new Fault('file.not-found', `${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`, {cause}) // Node's own errors
  }
}

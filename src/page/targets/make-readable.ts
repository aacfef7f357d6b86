import {chmod, mkdir, stat} from 'node:fs/promises'
import {dirname} from 'node:path'
import {isCode} from './not-published.ts'

/**
 * The folder, and those above it that were missing, open to everybody: the web server is another user, and our umask keeps
 * everything to ourselves. Folders that were there keep their mode.
 *
 * Step by step and not with `recursive`: that one never ends where a parent is there and still answers ENOENT (/proc).
 */
export async function makeReadable(folder: string): Promise<void> {
  try {
    await makeOne(folder)
  } catch (error) {
    if (!isCode(error, 'ENOENT') || dirname(folder) === folder) throw error
    await makeReadable(dirname(folder))
    await makeOne(folder)
  }
}

async function makeOne(folder: string): Promise<void> {
  try {
    await mkdir(folder)
    await chmod(folder, 0o755)
  } catch (error) {
    if (!isCode(error, 'EEXIST') || !(await stat(folder)).isDirectory()) throw error
  }
}

import {open, rename, rm} from 'node:fs/promises'
import {basename, dirname, join, resolve} from 'node:path'
import {Fault} from '../lib/fault.ts'
import {syncFolder} from '../lib/files.ts'
import {randomBytes} from '../lib/random.ts'

/**
 * Lines into a file (0600), a page at a time: a record may be larger than memory likes. Written beside it, synced and
 * renamed, so that nobody reads a half. @throws Fault output.failed; what the lines throw passes through
 */
export async function writeLinesTo(file: string, lines: AsyncIterable<string>): Promise<number> {
  const path = resolve(file)
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${Buffer.from(randomBytes(6)).toString('hex')}.tmp`)
  const handle = await open(temporary, 'wx', 0o600).catch(refused(path))
  let count = 0
  try {
    for await (const line of lines) {
      await handle.write(`${line}\n`).catch(refused(path))
      count += 1
    }
    await handle.sync().catch(refused(path))
    await handle.close()
    await rename(temporary, path).catch(refused(path))
    syncFolder(dirname(path))
    return count
  } catch (error) {
    await handle.close().catch(() => undefined)
    await rm(temporary, {force: true})
    throw error
  }
}

function refused(path: string): (error: NodeJS.ErrnoException) => never {
  return error => {
    throw new Fault('output.failed', `${path} cannot be written (${error.code ?? error.message}); a file of that name is as it was`, {cause: error})
  }
}

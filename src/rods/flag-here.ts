import {type BigIntStats, lstatSync, type Stats, statSync, unlinkSync} from 'node:fs'
import {statfs} from 'node:fs/promises'
import {dirname} from 'node:path'
import {Fault} from '../lib/fault.ts'
import {readFileBounded, replaceFile, syncFolder} from '../lib/files.ts'
import {type FlagFile, type FlagFileOptions, type FlagText, MOST_FLAG_BYTES} from './flag-file.ts'

/** Whoever reads the flag is seldom whoever moves the rod. */
const MODE = 0o644
/** `f_type` of tmpfs and ramfs, from linux/magic.h. */
const IN_MEMORY: readonly number[] = [0x01021994, 0x858458f6]

/**
 * A flag file on this machine. Written as a temporary file beside it, fsync, rename, fsync of the folder: who looks sees
 * the old file or the new one. Synchronous: a network file system that hangs holds scram up, and there `through` is the
 * better way, because a child can be ended.
 */
export function flagHere({path, hasContent}: FlagFileOptions): FlagFile {
  const folder = dirname(path)
  return {
    plan: text => [text === null ? `remove ${path}` : hasContent ? `write ${shownText(text)} to ${path}` : `create ${path}`],
    async put(text, signal) {
      signal.throwIfAborted()
      const before = refuseStrangers(path, folder)
      try {
        if (text !== null) replaceFile(path, text, {mode: MODE})
        else if (before) remove(path, folder)
      } catch (cause) {
        throw faultOf(path, text, before, cause)
      }
      return text === null ? `${path} is removed` : `${path} is written`
    },
    async look(signal) {
      signal.throwIfAborted()
      try {
        if (!hasContent) {
          const stats = statSync(path, {bigint: true})
          if (!stats.isFile()) return {is: 'unknown', evidence: `${path} is no plain file`}
          return {is: 'there', text: '', version: versionOf(stats), evidence: `${path} is there`}
        }
        let version: string | undefined
        const refuse = (stats: Stats) => {
          version = versionOf(stats)
          return undefined
        }
        const text = readFileBounded(path, MOST_FLAG_BYTES, {follow: true, refuse}).toString('utf8')
        return {is: 'there', text, ...(version !== undefined && {version}), evidence: `${path} is there`}
      } catch (error) {
        const code = codeOf(error)
        // A link that leads nowhere is no file to whoever reads the flag; a folder that is gone took the application along.
        if (code === 'ENOENT' && isFolder(folder)) return {is: 'absent', evidence: `${path} is not there`}
        return {is: 'unknown', evidence: code === 'ENOENT' ? `the folder ${folder} is not there` : `${path} cannot be read (${code})`}
      }
    },
    async advise() {
      if (!isFolder(folder)) return [`the folder ${folder} is not there; it is never created, and until somebody does every move is refused`]
      const {type} = await statfs(folder).catch(() => ({type: 0}))
      return IN_MEMORY.includes(type) ? [`${folder} is in memory: a reboot withdraws this rod`] : []
    },
  }
}

/** A text in a plan: whole where it is short. */
export function shownText(text: string): string {
  return text.length <= 200 ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, 200))} and ${text.length - 200} characters more`
}

/** What is at the path now; undefined for nothing. @throws Fault rod.refused where writing would hit something else */
function refuseStrangers(path: string, folder: string): BigIntStats | undefined {
  const refused = (why: string) => new Fault('rod.refused', `${path} was not touched: ${why}`)
  if (!isFolder(folder)) throw refused(`the folder ${folder} is not there, and it is never created: is the application gone?`)
  let stats: BigIntStats | undefined
  try {
    stats = lstatSync(path, {bigint: true, throwIfNoEntry: false})
  } catch (cause) {
    throw new Fault('rod.refused', `${path} was not touched (${codeOf(cause)})`, {cause})
  }
  if (stats?.isSymbolicLink()) throw refused('it is a symbolic link; name the file that it leads to')
  if (stats && !stats.isFile()) throw refused('it is no plain file')
  return stats
}

function remove(path: string, folder: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error // gone meanwhile is as good
  }
  syncFolder(folder)
}

/** After the rename or the removal only the fsync of the folder is left to fail: it is so, and may not survive. */
function faultOf(path: string, text: FlagText, before: BigIntStats | undefined, cause: unknown): Fault {
  const after = lstatSync(path, {bigint: true, throwIfNoEntry: false})
  const isDone = text === null ? after === undefined : after !== undefined && after.ino !== before?.ino
  if (isDone) return new Fault('rod.unanswered', `${path} is moved, but it may not survive a power cut (${codeOf(cause)})`, {cause})
  return new Fault('rod.refused', `${path} could not be ${text === null ? 'removed' : 'written'} (${codeOf(cause)})`, {cause})
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false
  } catch {
    return false // a parent that may not be searched: nothing is known of it, and nothing can be written there
  }
}

function versionOf(stats: Stats | BigIntStats): string {
  return `${stats.ino}:${'mtimeNs' in stats ? stats.mtimeNs : BigInt(Math.round(stats.mtimeMs * 1e6))}`
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'error'
}

import {lstatSync, mkdirSync} from 'node:fs'
import {join} from 'node:path'

/** Where the emergency log goes, best first: folders in memory that outlive the process and need no disk. */
export function emergencyFolders(env: NodeJS.ProcessEnv = process.env): readonly string[] {
  const runtime = env['XDG_RUNTIME_DIR']
  const ours = process.getuid?.()
  return [...(runtime?.startsWith('/') ? [join(runtime, 'scram')] : []), ...(ours === undefined ? [] : [`/dev/shm/scram-${ours}`])]
}

/** True for a real folder that is ours alone: /dev/shm is everybody's, and a planted folder or link must not be used. */
export function isPrivateFolder(folder: string): boolean {
  const stats = lstatSync(folder, {throwIfNoEntry: false})
  return stats?.isDirectory() === true && (process.getuid === undefined || stats.uid === process.getuid()) && (stats.mode & 0o077) === 0
}

/** Makes it if need be. */
export function ensurePrivateFolder(folder: string): boolean {
  try {
    mkdirSync(folder, {mode: 0o700})
  } catch {}
  try {
    return isPrivateFolder(folder)
  } catch {
    return false
  }
}

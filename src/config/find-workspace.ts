import {lstatSync, realpathSync, statSync} from 'node:fs'
import {dirname, isAbsolute, join, resolve} from 'node:path'
import {Fault} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'

export const FILE = 'scram.yaml'
/** Deeper than any sane folder. */
const MOST_LEVELS = 64

/**
 * The workspace folder: the named one, else the nearest upward with a `scram.yaml`. A workspace is code (probes, command
 * rods, runbooks), so one that was merely found must belong to us or root and not be writable by everybody. Naming it is
 * consent. Null: there is none, everything works on defaults.
 * @throws Fault file.not-found (named, not there) · workspace.foreign
 */
export function findWorkspace(named: string | undefined, from: string): string | null {
  if (named) {
    const folder = isAbsolute(named) ? named : resolve(from, named)
    if (isThere(join(folder, FILE))) return folder
    throw new Fault('file.not-found', `there is no ${FILE} in ${folder}`, {hints: ['--workspace DIR or SCRAM_WORKSPACE names the folder that holds it']})
  }
  let folder = from
  for (let level = 0; level < MOST_LEVELS; level++) {
    const file = join(folder, FILE)
    if (isThere(file)) {
      refuseForeign(file, folder)
      return folder
    }
    const above = dirname(folder)
    if (above === folder) return null
    folder = above
  }
  return null
}

/** A folder that may not be searched holds no workspace of ours. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, {throwIfNoEntry: false}) !== undefined
  } catch {
    return false
  }
}

/**
 * Also for runbooks: any file of a found workspace that is about to be believed. Looks at the file, at the link if it is
 * one, and at the folder, which may be open to all only if it is sticky (then nobody can replace our file).
 * @throws Fault workspace.foreign
 */
export function refuseForeign(file: string, folder: string): void {
  const me = process.getuid?.()
  if (me === undefined) return
  const target = targetOf(file, folder)
  const looks = [
    {path: file, stats: lstatSync(file), isFolder: false},
    {path: target, stats: statSync(target), isFolder: false},
    {path: folder, stats: statSync(folder), isFolder: true},
    {path: dirname(target), stats: statSync(dirname(target)), isFolder: true},
  ]
  for (const {path, stats, isFolder} of looks) {
    const {uid, mode} = stats
    if (uid !== me && uid !== 0) throw foreign(path, folder, `belongs to another user (uid ${uid})`)
    const isSticky = isFolder && (mode & 0o1000) !== 0
    // The mode of a link says nothing.
    if (!stats.isSymbolicLink() && !isSticky && (mode & 0o002) !== 0) throw foreign(path, folder, 'may be written by anybody')
  }
}

function targetOf(file: string, folder: string): string {
  try {
    return realpathSync(file)
  } catch {
    throw foreign(file, folder, 'is a link that leads nowhere')
  }
}

function foreign(path: string, folder: string, problem: string): Fault {
  return new Fault('workspace.foreign', `${path} was found, but ${problem}; a workspace is code`, {
    hints: [`export SCRAM_WORKSPACE=${shellQuote(folder)}  # if you trust it`],
  })
}

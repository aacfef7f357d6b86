import {accessSync, constants, statSync} from 'node:fs'
import {dirname} from 'node:path'
import {shellQuote} from '../lib/text.ts'
import type {SetupCheck} from './setup-check.ts'

/** The folder of the record: ours to write, and nobody else's to read. */
export function checkHome(home: string | null): SetupCheck {
  if (home === null) return {what: 'home', verdict: 'fail', found: 'no folder can be named: only the emergency log is left', hints: ['export SCRAM_HOME=DIR']}
  const check = checkFolder('home', home)
  const mode = statSync(home, {throwIfNoEntry: false})?.mode
  if (check.verdict !== 'ok' || mode === undefined || (mode & 0o077) === 0) return check
  return {what: 'home', verdict: 'warn', found: `${home} is open to others (${(mode & 0o777).toString(8)})`, hints: [`chmod 700 ${shellQuote(home)}`]}
}

/** Writable, or to be made where its nearest folder is. Asks for the permission, writes nothing. */
export function checkFolder(what: string, path: string): SetupCheck {
  const there = nearestThere(path)
  const fail = (found: string): SetupCheck => ({what, verdict: 'fail', found, hints: [`ls -ld ${shellQuote(there)}`]})
  try {
    if (!statSync(there).isDirectory()) return fail(`${there} is not a folder`)
    accessSync(there, constants.W_OK | constants.X_OK)
  } catch (error) {
    return fail(`${there} cannot be written (${(error as NodeJS.ErrnoException).code})`) // both throw Node's own
  }
  return {what, verdict: 'ok', found: there === path ? `${path} is writable` : `${path} is not there yet and can be made`, hints: []}
}

function nearestThere(path: string): string {
  try {
    if (statSync(path, {throwIfNoEntry: false})) return path
  } catch {
    return path // a parent is a file or closed to us: the check itself says so
  }
  const parent = dirname(path)
  return parent === path ? path : nearestThere(parent)
}

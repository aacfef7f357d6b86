import {readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {Fault} from '../lib/fault.ts'
import {makeFolder} from '../lib/files.ts'

const FILE = 'current-incident'
const ID = /^[a-z0-9][a-z0-9-]{3,63}$/

/** What `scram use` chose on this machine: a preference, not a fact of the record. Unreadable or foreign: nothing. */
export function readUsed(home: string): string | null {
  try {
    const id = readFileSync(join(home, FILE), 'utf8').trim()
    return ID.test(id) ? id : null
  } catch {
    return null
  }
}

/** @throws Fault journal.unwritable: the home cannot keep the choice; $SCRAM_INCIDENT can */
export function writeUsed(home: string | null, incident: string | null): void {
  try {
    if (home === null) throw new Error('there is no home folder')
    makeFolder(home)
    const file = join(home, FILE)
    if (incident === null) {
      rmSync(file, {force: true})
      return
    }
    writeFileSync(`${file}.new`, `${incident}\n`, {mode: 0o600})
    renameSync(`${file}.new`, file)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Fault('journal.unwritable', `the choice cannot be kept (${reason})`, {hints: [`export SCRAM_INCIDENT=${incident ?? ''}`], cause})
  }
}

import {readFile, rename, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {Fault} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'
import type {ProcessIdentity} from './process-identity.ts'

/** How a second terminal finds the controller: `drill.json` in the drill's folder, 0600, because the token is in it. */
export interface DrillFile extends ProcessIdentity {
  readonly port: number
  readonly token: string
}

const pathIn = (folder: string) => join(folder, 'drill.json')

export async function writeDrillFile(folder: string, file: DrillFile): Promise<void> {
  const temporary = `${pathIn(folder)}.${file.pid}`
  await writeFile(temporary, `${JSON.stringify(file)}\n`, {mode: 0o600, flag: 'w'})
  await rename(temporary, pathIn(folder))
}

export async function removeDrillFile(folder: string): Promise<void> {
  await rm(pathIn(folder), {force: true})
}

/** @throws Fault file.not-found (no drill is up there) · file.invalid (something else wrote it) */
export async function readDrillFile(folder: string): Promise<DrillFile> {
  const path = pathIn(folder)
  const text = await readFile(path, 'utf8').catch(cause => {
    throw new Fault('file.not-found', `no drill is up in ${folder}`, {hints: ['scram drill up'], cause})
  })
  const file = parsed(text)
  if (!file) throw new Fault('file.invalid', `${path} is not what a drill writes`, {hints: [`rm ${shellQuote(path)}`]})
  return file
}

function parsed(text: string): DrillFile | null {
  try {
    const value: unknown = JSON.parse(text)
    return isDrillFile(value) ? value : null
  } catch {
    return null
  }
}

/** The pid is signalled by `down`: it must be a process, never 0 or a group. */
function isDrillFile(value: unknown): value is DrillFile {
  if (!(value instanceof Object) || !('port' in value && 'token' in value && 'pid' in value && 'startTicks' in value)) return false
  const {port, token, pid, startTicks} = value
  const isStart = startTicks === null || Number.isSafeInteger(startTicks)
  return Number.isInteger(port) && typeof token === 'string' && Number.isInteger(pid) && Number(pid) > 1 && isStart
}

import {readdir, stat} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {askController} from '../drill/ask-controller.ts'
import type {Verb} from '../drill/controller.ts'
import {Fault} from '../lib/fault.ts'
import type {Desk} from './desk.ts'
import {FOLDER_PREFIX} from './drill-folder.ts'

export interface AskDrill {
  readonly verb: Verb
  /** The drill's folder: --dir or $SCRAM_DRILL; absent: the newest one below the temporary folder. */
  readonly folder: string | undefined
}

export interface Asked {
  readonly folder: string
  readonly answer: object
}

/** Asks the drill that runs in another terminal. @throws Fault file.not-found (none is up) · net.unreachable */
export async function askDrill({clock}: Pick<Desk, 'clock'>, {verb, folder: given}: AskDrill, signal: AbortSignal): Promise<Asked> {
  const folder = given === undefined ? await newest() : resolve(given)
  return {folder, answer: await askController(folder, verb, {clock, signal})}
}

/** By its `drill.json`, which is there only while a drill is up or after it was killed. */
async function newest(): Promise<string> {
  const names = (await readdir(tmpdir())).filter(name => name.startsWith(FOLDER_PREFIX))
  const me = process.getuid?.()
  const found = await Promise.all(
    names.map(async name => {
      const folder = join(tmpdir(), name)
      // Another user's folder could name any process of ours to be ended.
      const {mtimeMs, uid} = await stat(join(folder, 'drill.json')).catch(() => NOTHING)
      return {folder, mtimeMs: me === undefined || uid === me ? mtimeMs : 0}
    }),
  )
  const [last] = found.filter(({mtimeMs}) => mtimeMs > 0).toSorted((one, other) => other.mtimeMs - one.mtimeMs)
  if (!last) throw new Fault('file.not-found', 'no drill is up', {hints: ['scram drill up', '--dir DIR names the folder of one that is elsewhere']})
  return last.folder
}

const NOTHING = {mtimeMs: 0, uid: -1}

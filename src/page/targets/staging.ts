import {mkdir, readFile, rename, rm, stat, writeFile} from 'node:fs/promises'
import {hostname} from 'node:os'
import {join} from 'node:path'
import {type Clock, systemClock} from '../../lib/clock.ts'
import {isCode, NotPublished} from './not-published.ts'

/** Inside the target, so that a rename out of it stays on one file system. A dot file: web servers do not list it. */
const CLAIM = '.scram-staging'
/** A claim that old is void: a whole publication has 20 s. */
const VOID_AFTER_MS = 60_000
const WAIT_MS = 5000
const POLL_MS = 20

export interface Staging {
  /** An empty folder of our own. Renaming out of it succeeds only while the claim is ours. */
  readonly path: string
  close(): Promise<void>
}

/**
 * One publisher at a time: whoever makes the folder has the claim. It holds the holder's staging folder, so that taking a
 * claim away (its holder died, or is a minute late) takes with it every file the old holder could still put in place.
 * @throws NotPublished target.busy when somebody else publishes and does not end
 */
export async function openStaging(target: string, signal: AbortSignal, clock: Clock = systemClock): Promise<Staging> {
  const claim = join(target, CLAIM)
  const token = crypto.randomUUID()
  const path = join(claim, token)
  for (let waitedMs = 0; waitedMs <= WAIT_MS; waitedMs += POLL_MS) {
    if (await take(claim, path)) return {path, close: () => give(claim, path, `${claim}-${token}`)}
    // Looking at its age writes a file: once a second is often enough.
    const isVoid = (await isAbandoned(claim)) || (waitedMs % 1000 === 0 && (await isTooOld(claim, `${claim}-${token}`)))
    if (isVoid) await remove(claim, `${claim}-${token}`)
    else await clock.sleep(POLL_MS, signal)
  }
  throw new NotPublished('target.busy', `${target} is being published by somebody else`)
}

async function take(claim: string, path: string): Promise<boolean> {
  try {
    await mkdir(claim, {mode: 0o700})
    await mkdir(path)
    await writeFile(join(claim, 'holder'), holder())
    return true
  } catch (error) {
    // EEXIST: it is somebody else's. ENOENT: it was taken from us in the same moment.
    if (isCode(error, 'EEXIST') || isCode(error, 'ENOENT')) return false
    throw error
  }
}

/** Gives up nobody's claim but ours. */
async function give(claim: string, path: string, aside: string): Promise<void> {
  if (await stat(path).catch(() => null)) await remove(claim, aside)
}

/** Renamed first: a folder half removed would still look like a claim. */
async function remove(claim: string, aside: string): Promise<void> {
  try {
    await rename(claim, aside)
    await rm(aside, {recursive: true, force: true})
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
  }
}

function holder(): string {
  return `${process.pid}@${hostname()}`
}

/** Its holder ran on this machine and is gone: no reason to wait a minute. */
async function isAbandoned(claim: string): Promise<boolean> {
  const text = await readFile(join(claim, 'holder'), 'utf8').catch(() => '')
  const [pid, host] = text.split('@')
  if (!/^[1-9]\d{0,9}$/.test(pid ?? '') || host !== hostname()) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return isCode(error, 'ESRCH')
  }
}

/** By the file system's own clock: on a shared one, the machines' clocks differ. */
async function isTooOld(claim: string, probe: string): Promise<boolean> {
  const theirs = await stat(claim).catch(() => null)
  if (theirs === null) return false
  await writeFile(probe, '')
  const now = await stat(probe)
  await rm(probe, {force: true})
  return now.mtimeMs - theirs.mtimeMs > VOID_AFTER_MS
}

import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import {endGroupOf, groupAnswers} from '../lib/child.ts'
import {iso} from '../lib/clock.ts'
import {makeFolder} from '../lib/files.ts'
import {holderName, isAlive, pidOf} from '../lib/holder.ts'
import type {Outlived} from '../runbook/ports.ts'
import type {Desk} from './desk.ts'
import {artefactOf, type StepFiles} from './keep-output.ts'

/**
 * Which process does a step, beside what it says: its driver may die first, and a second copy must never be started while
 * the first lives. Written without fsync: a machine that went down took the process along.
 */
export function noteChild(desk: Desk, step: StepFiles, pid: number): void {
  const at = artefactOf(desk, step)
  if (!at) return
  try {
    makeFolder(at.folder)
    writeFileSync(`${at.path}.pid`, `${holderName(iso(desk.clock.now()), pid)}\n`, {mode: 0o600})
  } catch {
    desk.narrate(`which process does ${step.instance} could not be kept in ${at.folder}: it is pid ${pid}`)
  }
}

export function forgetChild(desk: Desk, step: StepFiles): void {
  const at = artefactOf(desk, step)
  if (at) rmSync(`${at.path}.pid`, {force: true})
}

/** The process of an attempt whose driver is gone, when it (or who it began) still runs. */
export function findOutlived(desk: Desk, step: StepFiles): Outlived | null {
  const at = artefactOf(desk, step)
  const noted = at && readNote(`${at.path}.pid`)
  if (!noted) return null
  const pid = pidOf(noted)
  // Without its leader a group keeps its number as long as anybody is in it, so nobody else can have it.
  if (!isAlive(noted) && !(isSameBoot(noted) && !isAnybody(pid) && groupAnswers(pid))) return null
  return {pid, startedAt: noted.split('/').at(-1) ?? ''}
}

/** Ends it and all it began: SIGTERM, after ten seconds SIGKILL. Does nothing when it is gone. */
export async function endOutlived(desk: Desk, step: StepFiles): Promise<void> {
  const found = findOutlived(desk, step)
  if (found) await endGroupOf(found.pid, ms => desk.clock.sleep(ms))
}

function readNote(path: string): string | null {
  try {
    const text = readFileSync(path, 'utf8').trim()
    return Number.isSafeInteger(pidOf(text)) && pidOf(text) > 1 ? text : null
  } catch {
    return null
  }
}

/** This process's own name begins as one of the same boot and namespace does. */
function isSameBoot(noted: string): boolean {
  const [boot, namespace] = holderName('').split('/')
  return noted.startsWith(`${boot}/${namespace}/`)
}

function isAnybody(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

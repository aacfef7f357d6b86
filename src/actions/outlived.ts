import {readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {endGroupOf, groupAnswers} from '../lib/child.ts'
import {makeFolder} from '../lib/files.ts'
import {holderName, isAlive, pidOf} from '../lib/holder.ts'
import type {Outlived} from '../runbook/ports.ts'
import type {Desk} from './desk.ts'
import {artefactOf, type StepFiles} from './keep-output.ts'

/** The folder of the note, before the process starts: making it durable takes longer than a short command. */
export function expectChild(desk: Desk, step: StepFiles): void {
  const at = artefactOf(desk, step)
  try {
    if (at) makeFolder(at.folder)
  } catch {
    // said when there is something to keep
  }
}

/**
 * Which process does a step, beside what it says: its driver may die first, and a second copy must never be started while
 * the first lives. Written without fsync: a machine that went down took the process along.
 */
export function noteChild(desk: Desk, step: StepFiles, pid: number): void {
  const at = artefactOf(desk, step)
  if (!at) return
  try {
    writeFileSync(`${at.path}.pid`, `${holderName('', pid)}\n`, {mode: 0o600})
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
  if (!noted) return byEnvironment(step)
  const pid = pidOf(noted)
  // Without its leader a group keeps its number as long as anybody is in it, so nobody else can have it.
  return isAlive(noted) || (isSameBoot(noted) && !isAnybody(pid) && groupAnswers(pid)) ? {pid} : null
}

/**
 * A driver killed between the start of a process and its note (or without a home) left none. A step's process leads its group
 * and carries the names of run and step. Only where there is a /proc.
 */
function byEnvironment({run, instance}: StepFiles): Outlived | null {
  for (const name of processes()) {
    const pid = Number(name)
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'latin1').split('\0')
      if (environment.includes(`SCRAM_RUN=${run}`) && environment.includes(`SCRAM_STEP=${instance}`) && leadsItsGroup(pid)) return {pid}
    } catch {
      // somebody else's, or gone meanwhile
    }
  }
  return null
}

function processes(): readonly string[] {
  try {
    return readdirSync('/proc').filter(name => /^\d+$/.test(name))
  } catch {
    return []
  }
}

function leadsItsGroup(pid: number): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return state !== 'Z' && Number(group) === pid
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

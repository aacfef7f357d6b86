import {spawn} from 'node:child_process'
import {closeSync, openSync} from 'node:fs'
import {join} from 'node:path'
import {Fault} from '../lib/fault.ts'
import type {Role} from './parameters.ts'
import {identify, type ProcessIdentity} from './process-identity.ts'
import type {Nodes, RoleReport} from './role.ts'

export interface StartedRole {
  readonly report: RoleReport
  readonly identity: ProcessIdentity
  meet(nodes: Nodes): void
}

const PATIENCE_MS = 10_000

/**
 * Starts one role as a child with an IPC channel and a stdin pipe and waits until it listens. What it prints goes to
 * `logs/ROLE.log`. The environment is not handed on: a drill needs no secret of its user.
 *
 * `onSpawn` is called before anything can fail, so that a child which never reports is ended like all others.
 * @throws Fault drill.busy (no report within 10 s) · Error when the child cannot be started or ends at once (a bug)
 */
export async function startRole(
  role: Role,
  {roleArgv, logs, signal, onSpawn}: {roleArgv: readonly string[]; logs: string; signal: AbortSignal; onSpawn: (identity: ProcessIdentity) => void},
): Promise<StartedRole> {
  const [node = process.execPath, ...entry] = roleArgv
  const log = openSync(join(logs, `${role}.log`), 'a', 0o600)
  const child = spawn(node, ['--max-old-space-size=96', ...entry, role], {stdio: ['pipe', log, log, 'ipc'], env: {PATH: process.env['PATH'], TZ: 'UTC'}})
  closeSync(log)
  const identity = child.pid === undefined ? null : identify(child.pid)
  if (identity) onSpawn(identity)
  // Writing into a pipe or channel whose reader has ended is no news: the end itself is noticed elsewhere.
  child.stdin?.on('error', () => undefined)
  const limit = AbortSignal.timeout(PATIENCE_MS)
  const stop = AbortSignal.any([signal, limit])
  const report = await new Promise<RoleReport>((resolve, reject) => {
    const aborted = () => reject(signal.aborted ? signal.reason : new Fault('drill.busy', `the drill's ${role} did not listen within ${PATIENCE_MS / 1000} s`))
    if (stop.aborted) aborted()
    stop.addEventListener('abort', aborted, {once: true})
    child.once('error', reject)
    child.once('exit', (code, by) => reject(new Error(`the drill's ${role} ended at once (${by ?? code}); see ${join(logs, `${role}.log`)}`)))
    // The child is this very program, in the same version.
    child.once('message', message => resolve(message as RoleReport))
  })
  child.on('error', () => undefined)
  return {
    report,
    identity: identity ?? identify(report.pid),
    meet: nodes => {
      child.send({nodes}, () => undefined)
    },
  }
}

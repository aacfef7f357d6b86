import {readFileSync} from 'node:fs'

/** A process as it can be named safely: a pid alone may belong to somebody else by the time it is used. */
export interface ProcessIdentity {
  readonly pid: number
  /** Field 22 of /proc/PID/stat; null where there is no /proc. */
  readonly startTicks: number | null
}

export function identify(pid: number): ProcessIdentity {
  return {pid, startTicks: startTicksOf(pid)}
}

/** True while this very process lives; a zombie has ended. Without /proc the pid alone must do. */
export function isAlive({pid, startTicks}: ProcessIdentity): boolean {
  if (startTicks !== null) return startTicksOf(pid) === startTicks
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Sends nothing to a process that only inherited the number. */
export function signalProcess(identity: ProcessIdentity, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (!isAlive(identity)) return
  try {
    process.kill(identity.pid, signal)
  } catch {
    // It ended between the look and the call: that is what was wanted.
  }
}

function startTicksOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the command in parentheses and may hold blanks and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z') return null
    const ticks = Number(fields[19])
    return Number.isSafeInteger(ticks) ? ticks : null
  } catch {
    return null
  }
}

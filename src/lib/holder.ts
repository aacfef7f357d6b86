import {readFileSync, readlinkSync} from 'node:fs'

/**
 * One process among all there ever were: boot id, pid namespace, pid, start ticks, and a token of whoever names it (who
 * holds a lease: the open journal). A dead one is known at once, and a pid the kernel gave to somebody else is not taken
 * for it.
 */
export function holderName(token: string, pid = process.pid): string {
  return [bootId(), pidNamespace(), pid, startTicks(pid) ?? 0, token].join('/')
}

/** False only when it is certain: another boot, or no such process. A holder in another namespace counts as alive. */
export function isAlive(holder: string): boolean {
  const [boot = '', namespace = '', pid = '', ticks = ''] = holder.split('/')
  if (boot !== bootId()) return false
  if (namespace !== pidNamespace()) return true
  if (ticks === '0') return answersSignal(Number(pid))
  return startTicks(Number(pid)) === ticks
}

/** Meaningful to this machine, while `isAlive`. */
export function pidOf(holder: string): number {
  return Number(holder.split('/')[2])
}

/** `pid 4711`, for a message; the rest is for the machine. */
export function holderWords(holder: string): string {
  return `pid ${holder.split('/')[2] ?? '?'}`
}

function bootId(): string {
  return readOr('/proc/sys/kernel/random/boot_id', '-')
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')
  } catch {
    return '-'
  }
}

/** Field 22 of /proc/PID/stat. The name in field 2 may hold blanks and brackets: count after its last bracket. */
function startTicks(pid: number): string | undefined {
  const stat = readOr(`/proc/${pid}/stat`, '')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const isZombie = fields[0] === 'Z'
  return isZombie ? undefined : fields[19]
}

function answersSignal(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function readOr(path: string, missing: string): string {
  try {
    return readFileSync(path, 'latin1').trim()
  } catch {
    return missing
  }
}

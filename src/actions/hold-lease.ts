import type {Lease} from '../journal/journal.ts'
import type {Desk} from './desk.ts'

/** A lease of ours, renewed until it is let go; or whose it is. */
export type Hold =
  | {readonly held: true; readonly lease: Lease; release(): Promise<void>}
  | {readonly held: false; readonly holder: string; readonly until: string}

const RENEW_MS = 10_000

/** Takes a lease and keeps it while the caller works. A dead holder's is free at once, a living one's with `take`. The caller must `release`. */
export async function holdLease(desk: Desk, name: string, take = false): Promise<Hold> {
  const journal = await desk.journal()
  const answer = await journal.lease(name, {take})
  if (!answer.held) return {held: false, holder: answer.holder, until: answer.until}
  const timer = setInterval(() => void journal.renew(answer.lease).catch(() => undefined), RENEW_MS)
  timer.unref()
  return {
    held: true,
    lease: answer.lease,
    async release() {
      clearInterval(timer)
      await journal.release(answer.lease).catch(() => undefined)
    },
  }
}

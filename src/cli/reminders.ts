import {maybeIn} from '../incident/board-state.ts'
import {shortId} from '../lib/ids.ts'
import type {OpenDesk} from './desk.ts'
import {rough, utc} from './views/clock-words.ts'

/** A promise is mentioned from this long before it is due. */
const SOON_MS = 5 * 60_000

/** Lines for stderr after a command: a promised update due soon or overdue, a rod past its expiry, a parked run. */
export async function reminders(desk: OpenDesk): Promise<readonly string[]> {
  const board = desk.board()
  if (!board) return []
  const now = desk.clock.now()
  const lines: string[] = []
  for (const {id, promise} of Object.values(board.open)) {
    if (!promise) continue
    const left = Date.parse(promise.by) - now
    if (left > SOON_MS) continue
    const when = left >= 0 ? `due by ${utc(promise.by, now)}, in ${rough(left)}` : `OVERDUE since ${utc(promise.by, now)}, ${rough(-left)}`
    lines.push(`! ${shortId(id)}: the promised update is ${when}: scram update TEXT --incident ${shortId(id)}`)
  }
  for (const rod of Object.values(board.rods)) {
    if (!maybeIn(rod) || rod.expiresAt === null || Date.parse(rod.expiresAt) > now) continue
    lines.push(
      `! rod ${rod.rod} is past its expiry by ${rough(now - Date.parse(rod.expiresAt))}: scram out ${rod.rod}, or scram rod extend ${rod.rod} --expires 1h --why TEXT`,
    )
  }
  for (const run of Object.values(board.runs)) {
    if (run.state === 'parked')
      lines.push(`! run ${shortId(run.run)} (${run.runbook}) waits: ${run.needs ?? run.reason ?? ''}: scram resume ${shortId(run.run)}`)
  }
  return lines
}

import {reminders as due} from '../incident/promise.ts'
import {shortId} from '../lib/ids.ts'
import {shellQuote} from '../lib/text.ts'
import type {OpenDesk} from './desk.ts'
import {rough, utc} from './views/clock-words.ts'

/** Lines for stderr after a command: a promised update due soon or overdue, a rod past its expiry, a parked run. */
export function reminders(desk: OpenDesk): readonly string[] {
  const board = desk.board()
  if (!board) return []
  const now = desk.clock.now()
  const late = due(board, now).map(({of, id, by, leftMs}) => {
    const when = leftMs >= 0 ? `due by ${utc(by, now)}, in ${rough(leftMs)}` : `OVERDUE since ${utc(by, now)}, ${rough(-leftMs)}`
    if (of === 'promise') return `! ${shortId(id)}: the promised update is ${when}: scram update TEXT --incident ${shortId(id)}`
    const rod = shellQuote(id)
    return `! rod ${id}: its expiry is ${when}: scram out ${rod}, or scram rod extend ${rod} --expires 1h --why TEXT`
  })
  const parked = Object.values(board.runs).filter(({state}) => state === 'parked')
  return [
    ...late,
    ...parked.map(({run, runbook, needs, reason}) => `! run ${shortId(run)} (${runbook}) waits: ${needs ?? reason ?? ''}: scram resume ${shortId(run)}`),
  ]
}

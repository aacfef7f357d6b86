import {type RunNow, runsNow} from '../actions/runs-now.ts'
import type {Board} from '../incident/board-state.ts'
import {dueWork, isWaitedFor} from '../incident/due-work.ts'
import {reminders as due} from '../incident/promise.ts'
import type {TimerOnBoard} from '../incident/timers-on-board.ts'
import {shortEntry, shortId} from '../lib/ids.ts'
import {shellQuote} from '../lib/text.ts'
import type {OpenDesk} from './desk.ts'
import {oneLine, rough, utc} from './views/clock-words.ts'

/** A result that scrolls away under its reminders is lost: the rest is on the board. */
const MOST = 8

/** Whether anything is due that this process may do: a look at the board it has, nothing is loaded. */
export async function isAnythingDue(desk: OpenDesk): Promise<boolean> {
  const board = desk.board()
  if (!board) return false
  const origin = Object.keys(board.timers).length === 0 ? '' : (await desk.journal()).origin
  return dueWork(board, desk.clock.now(), origin).some(work => work.do !== 'fill-silence')
}

/**
 * Lines for stderr after a command: a promised update due soon or overdue, a rod past its expiry, a scheduled update that was
 * held, a parked run and a wait of it that is over, a run whose driver died.
 */
export async function reminders(desk: OpenDesk): Promise<readonly string[]> {
  const board = desk.board()
  if (!board) return []
  const now = desk.clock.now()
  const late = due(board, now).map(({of, id, by, leftMs}) => {
    const when = leftMs >= 0 ? `due by ${utc(by, now)}, in ${rough(leftMs)}` : `OVERDUE since ${utc(by, now)}, ${rough(-leftMs)}`
    if (of === 'promise') return `! ${shortId(id)}: the promised update is ${when}: scram update TEXT --incident ${shortId(id)}`
    const rod = shellQuote(id)
    return `! rod ${id}: its expiry is ${when}: scram out ${rod}, or scram rod extend ${rod} --expires 1h --why TEXT`
  })
  const timers = Object.values(board.timers)
  const held = timers.filter(({what, told}) => what === 'update' && told !== null).map(heldLine)
  const idle = (await runsOf(desk, board)).filter(({state, isElsewhere}) => state !== 'running' && !isElsewhere)
  const waiting = idle.map(({run, runbook, state, step, needs, reason}) => {
    if (state === 'stopped') return `! run ${shortId(run)} (${runbook}) stopped${step ? ` at ${step}` : ''}: ${needs}: scram resume ${shortId(run)}`
    const over = timers.find(timer => isWaitedFor(timer, {run, reason}) && Date.parse(timer.due) <= now)
    const wait = over ? `; its wait was over ${utc(over.due, now)}, ${rough(now - Date.parse(over.due))} ago` : ''
    return `! run ${shortId(run)} (${runbook}) waits: ${needs ?? reason ?? ''}${wait}: scram resume ${shortId(run)}`
  })
  const lines = [...late, ...held, ...waiting]
  return lines.length <= MOST ? lines : [...lines.slice(0, MOST - 1), `! and ${lines.length - MOST + 1} more: scram status`]
}

/** Most records have no run that goes on: then the journal is not asked. */
async function runsOf(desk: OpenDesk, board: Board): Promise<readonly RunNow[]> {
  return Object.keys(board.runs).length === 0 ? [] : runsNow(await desk.journal(), board)
}

/** What became of a scheduled text that did not go out, and the two ways on. */
export function heldLine({timer, told, update}: TimerOnBoard): string {
  const id = shortEntry(timer)
  return `! update ${id} held: ${told?.reason ?? 'late'}; post it: scram update --post ${id}, drop it: scram update --cancel ${id} ("${oneLine(update?.text ?? '', 50)}")`
}

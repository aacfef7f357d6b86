import {isPageBehind} from '../../actions/follow-page.ts'
import type {RunNow} from '../../actions/runs-now.ts'
import type {WatchNews} from '../../actions/watch.ts'
import {type Board, maybeIn, type OnBoard} from '../../incident/board-state.ts'
import {isWaitedFor} from '../../incident/due-work.ts'
import {promiseStatus} from '../../incident/promise.ts'
import {iso} from '../../lib/clock.ts'
import {formatDuration} from '../../lib/durations.ts'
import {shortId} from '../../lib/ids.ts'
import {ago, field, oneLine, rough, span, utc} from './clock-words.ts'
import {scheduledLines, scheduledOf} from './incident.ts'
import {rodDue, rodNews} from './rod-line.ts'

type BoardNow = Extract<WatchNews, {what: 'board'}>

/** The live board: every open incident with its clock, what is in, what runs or waits, what did not get out. */
export function boardLines({board, runs, now}: Pick<BoardNow, 'board' | 'runs' | 'now'>): readonly string[] {
  const open = Object.values(board.open)
  const rods = Object.values(board.rods).filter(maybeIn)
  return [
    ...(open.length === 0 ? ['no incident is open'] : open.flatMap(entry => incidentLines(board, entry, now))),
    ...(rods.length === 0 ? ['no rod is in'] : rods.flatMap(rod => rodLines(rod, now))),
    ...field(
      'runs',
      runs.map(run => runLine(run, board, now)),
    ),
    ...field('page', pageLines(board, now)),
    ...field(
      'streams',
      Object.entries(board.stopped).map(([stream, {seq, reason}]) => `of ${stream} stopped at ${seq} (${reason}): what is shown may be behind`),
    ),
  ]
}

function incidentLines(board: Board, entry: OnBoard, now: number): readonly string[] {
  const {id, severity, title, openedAt, publicStatus, lastUpdate, lastUpdateAt, isPrivate} = entry
  const said = lastUpdateAt === null ? (isPrivate ? 'private' : 'nothing was posted yet') : `${publicStatus}, update ${lastUpdate} at ${ago(lastUpdateAt, now)}`
  return [
    `${shortId(id)}  ${severity}  ${oneLine(title, 80)}  (open for ${span(openedAt, now)})`,
    ...field('public', [said]),
    ...field('next', promiseLine(entry, now)),
    ...field('scheduled', scheduledLines(id, board, now)),
  ]
}

function promiseLine(entry: OnBoard, now: number): readonly string[] {
  const status = promiseStatus(entry, now)
  if (!status) return []
  const {by, leftMs} = status
  if (leftMs < 0) return [`OVERDUE by ${formatDuration(Math.floor(-leftMs / 1000) * 1000)} (promised by ${utc(by, now)}): scram update TEXT`]
  return [`${status.state === 'due' ? 'DUE ' : ''}by ${utc(by, now)}, in ${formatDuration(Math.ceil(leftMs / 1000) * 1000)}`]
}

function rodLines(rod: Board['rods'][string], now: number): readonly string[] {
  return [`${rod.rod}  ${rodNews(rod, now)}`, ...[rodDue(rod, now)].filter(due => due !== null).map(due => `  ${due}`)]
}

/** Runs whose driver went, and which are not among `known`: it records nothing, so no event tells of it. */
export function newlyStopped({board, runs, now}: BoardNow, known: readonly RunNow[]): readonly string[] {
  const isKnown = (run: string) => known.some(each => each.run === run && each.state === 'stopped')
  return runs.filter(({run, state}) => state === 'stopped' && !isKnown(run)).map(run => `${iso(now)}  ${runLine(run, board, now)}`)
}

function runLine({run, runbook, state, step, needs, reason, startedAt, isElsewhere}: RunNow, {timers}: Board, now: number): string {
  const at = step === null ? '' : ` at ${step}`
  if (isElsewhere) return `${shortId(run)} of ${runbook} is another machine's: ${state}${at} when its record was imported`
  if (state === 'running') return `${shortId(run)} of ${runbook} is driven${at}, since ${utc(startedAt, now)}${needs ? `; it needs ${needs}` : ''}`
  if (state === 'stopped') return `${shortId(run)} of ${runbook} STOPPED${at}: ${needs}: scram resume ${shortId(run)}`
  const over = Object.values(timers).find(timer => isWaitedFor(timer, {run, reason}) && Date.parse(timer.due) <= now)
  const wait = over ? `; its wait was over ${rough(now - Date.parse(over.due))} ago` : ''
  return `${shortId(run)} of ${runbook} PARKED${at}: ${needs ?? reason ?? ''}${wait}: scram resume ${shortId(run)}`
}

/** Of every target that is behind, why; where a try is due, when. */
function pageLines(board: Board, now: number): readonly string[] {
  if (!isPageBehind(board)) return []
  const {revision, targets} = board.page
  const behind = Object.entries(targets).filter(([, shown]) => shown.revision < revision)
  const retry = Object.values(board.timers).find(({what}) => what === 'retry')
  const again = retry ? `, tried again at ${utc(retry.due, now)}` : ''
  if (behind.length === 0) return [`BEHIND${again}: scram outbox list`]
  return behind.map(([id, shown]) => `BEHIND at ${id} by ${revision - shown.revision}${shown.failed ? ` (${oneLine(shown.failed.reason, 60)})` : ''}${again}`)
}

/** The same facts for a program. */
export function boardJson({board, runs}: Pick<BoardNow, 'board' | 'runs'>): object {
  return {
    incidents: Object.values(board.open).map(entry => ({...entry, scheduled: scheduledOf(entry.id, board)})),
    runs,
    timers: Object.values(board.timers),
    page: {...board.page, behind: isPageBehind(board)},
  }
}

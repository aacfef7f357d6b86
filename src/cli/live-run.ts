import type {Desk} from '../actions/desk.ts'
import {maybeIn} from '../incident/board-state.ts'
import {boardProjection} from '../incident/projections.ts'
import {formatDuration} from '../lib/durations.ts'
import type {RunNews} from '../runbook/ports.ts'
import {showLive, updateLive} from './live-line.ts'
import {liveOutput} from './live-output.ts'
import {narrate} from './stdout.ts'
import {utc} from './views/clock-words.ts'

const EVERY_MS = 1000
/** Promise and rods are read again this often: another terminal may have posted. */
const LOOK_MS = 5000

/** What shows that something still runs. `stop`: it ended. */
export interface LiveRun {
  show(news: RunNews): void
  /** What a command wrote meanwhile. */
  hear(step: string, text: string): void
  /** A step has ended: the last it said. Absent: all. */
  heard(step?: string): void
  stop(): void
}

/** The one moving line of a run: which step, since when, until when, what comes next, what is promised, what is in. */
export function liveRun(desk: Desk): LiveRun {
  let now: RunNews | null = null
  let around: readonly string[] = []
  let lookedAt = 0
  let timer: NodeJS.Timeout | undefined

  async function look(): Promise<void> {
    lookedAt = desk.clock.ticks()
    const board = await (await desk.journal()).fold(boardProjection)
    const promise = Object.values(board.open)
      .flatMap(({promise}) => (promise ? [Date.parse(promise.by)] : []))
      .toSorted((a, b) => a - b)[0]
    const rods = Object.values(board.rods).filter(maybeIn)
    const left = promise === undefined ? null : promise - desk.clock.now()
    around = [
      ...(left === null ? [] : [left >= 0 ? `update promised in ${formatDuration(left)}` : `update ${formatDuration(-left)} overdue`]),
      ...(rods.length > 0 ? [`in: ${rods.map(({rod}) => rod).join(', ')}`] : []),
    ]
  }

  function tick(): void {
    if (!now) return
    if (desk.clock.ticks() - lookedAt > LOOK_MS) void look().catch(() => undefined) // the run itself says what is wrong with the record
    updateLive(wordsOf(now, desk.clock.now(), around))
  }

  const output = liveOutput(
    () => process.stderr.columns,
    lines => {
      narrate(lines.join('\n'))
      if (now) showLive(wordsOf(now, desk.clock.now(), around))
    },
  )

  return {
    hear: output.say,
    heard: output.end,
    show(news) {
      now = news
      clearInterval(timer)
      timer = setInterval(tick, EVERY_MS)
      timer.unref()
      showLive(wordsOf(news, desk.clock.now(), around))
    },
    stop() {
      clearInterval(timer)
      now = null
    },
  }
}

function wordsOf({event, step = '', title = '', at, until, next, detail}: RunNews, now: number, around: readonly string[]): string {
  const elapsed = formatDuration(Math.max(now - Date.parse(at), 0))
  const limit = until === undefined ? '' : ` of ${formatDuration(Math.max(Date.parse(until) - Date.parse(at), 0))}`
  const due = event === 'step.waiting' && detail === undefined && until !== undefined ? [`until ${utc(until, now)}`] : []
  return [`${step}  ${title}  ${elapsed}${limit}`, ...due, ...(detail ? [detail] : []), ...(next ? [`next ${next}`] : []), ...around].join(' · ')
}

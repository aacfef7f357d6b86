import type {Desk} from '../actions/desk.ts'
import type {RunRunbook, Signals} from '../actions/run-runbook.ts'
import type {RunNews} from '../runbook/ports.ts'
import {canShowLive, clearLive} from './live-line.ts'
import {type LiveRun, liveRun} from './live-run.ts'
import {narrate, streamJson} from './stdout.ts'
import {beginLine, newsLine} from './views/run.ts'

/** A log that says nothing for longer than this looks dead. */
const STILL_HERE_MS = 60_000

/**
 * How a run meets the terminal. On one: a permanent line for each step that ended, one moving line for the step that
 * runs, what its command writes behind `│ `. In a pipe: a line at the start and at the end of each step, and one a minute
 * while nothing ends. NDJSON on stdout under --json. What a command wrote is in its artefact in any case.
 */
export function runNews(desk: Desk, json: boolean): Pick<RunRunbook, 'tell'> & {stop(): void} {
  if (json) return {tell: news => void (news.event !== 'step.said' && streamJson({v: 1, ...news})), stop: () => undefined}
  const live: LiveRun = canShowLive() ? liveRun(desk) : inPipe()
  return {
    stop() {
      live.heard()
      live.stop()
      clearLive()
    },
    tell(news) {
      if (news.event === 'step.said') return live.hear(news.step ?? '', news.detail ?? '')
      const line = newsLine(news)
      if (line === null) return live.show(news)
      live.heard(news.step)
      live.stop()
      narrate(line)
    },
  }
}

function inPipe(): LiveRun {
  let timer: NodeJS.Timeout | undefined
  const stop = () => clearInterval(timer)
  return {
    stop,
    hear: () => undefined,
    heard: () => undefined,
    show(news: RunNews) {
      stop()
      narrate(beginLine(news))
      timer = setInterval(() => narrate(beginLine(news)), STILL_HERE_MS)
      timer.unref()
    },
  }
}

/** Ctrl-C twice: the first finishes the step and parks, the second ends the step. */
export function runSignals(): Signals {
  const stop = new AbortController()
  const kill = new AbortController()
  const interrupted = (signal: string) => new DOMException(`interrupted by ${signal}`, 'AbortError')
  process.on('SIGINT', () => {
    if (stop.signal.aborted) kill.abort(interrupted('SIGINT'))
    stop.abort(interrupted('SIGINT'))
  })
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort(interrupted(signal)))
  return {stop: stop.signal, kill: kill.signal}
}

import type {RunRunbook, Signals} from '../actions/run-runbook.ts'
import type {RunNews} from '../runbook/ports.ts'
import {clearLive, showLive} from './live-line.ts'
import {narrate, streamJson} from './stdout.ts'
import {newsLine} from './views/run.ts'

/**
 * How a run meets the terminal: each step as a line on stderr as it happens (NDJSON on stdout under --json), a spinner
 * while it waits, and Ctrl-C twice: the first finishes the step and parks, the second ends the step.
 */
export function runNews(json: boolean): Pick<RunRunbook, 'tell'> & {stop(): void} {
  return {
    stop: clearLive,
    tell(news: RunNews) {
      if (json) return streamJson({v: 1, ...news})
      const line = newsLine(news)
      if (line === null) return showLive(news.title ?? news.step ?? '')
      narrate(line)
    },
  }
}

export function runSignals(): Signals {
  const stop = new AbortController()
  const kill = new AbortController()
  const interrupted = (signal: string) => new DOMException(`interrupted by ${signal}`, 'AbortError')
  process.on('SIGINT', () => {
    if (stop.signal.aborted) kill.abort(interrupted('SIGINT'))
    stop.abort(interrupted('SIGINT'))
    narrate('finishing this step, then the run is parked; Ctrl-C again ends the step')
  })
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort(interrupted(signal)))
  return {stop: stop.signal, kill: kill.signal}
}

import type {RunNow} from '../actions/runs-now.ts'
import type {WatchNews} from '../actions/watch.ts'
import {cutToWidth, safeLine} from '../lib/text.ts'
import {openScreen, type Screen} from './screen.ts'
import {narrate, printLines, streamJson} from './stdout.ts'
import {boardLines, newlyStopped} from './views/watch-board.ts'
import {newsJson, newsLine} from './views/watch-line.ts'

export interface WatchTeller {
  tell(news: WatchNews): void
  /** What was told last, for the result of a single look. */
  seen(): readonly WatchNews[]
  /** The terminal as it was found; what happened stays on it. Twice is once. */
  end(): void
}

/** So much of what happened is kept for the board, and left behind when it goes. */
const KEPT = 100

/**
 * How a watch is told: on a terminal a board that is drawn anew, below it the last that happened; in a pipe the board when it
 * begins, then a line for each thing that happened and each run whose driver went; with --json NDJSON. Of a single look only the
 * end is told.
 */
export function watchTeller({json, isOnce}: {readonly json: boolean; readonly isOnce: boolean}): WatchTeller {
  // A terminal of no size (a pseudo-terminal nobody sized) cannot be drawn on.
  const hasScreen = !json && !isOnce && process.stdout.isTTY && process.stderr.isTTY && process.stderr.columns > 0
  if (hasScreen) return onScreen(openScreen())
  const kept: WatchNews[] = []
  let runs: readonly RunNow[] | null = null
  return {
    seen: () => kept,
    end() {},
    tell(news) {
      keep(kept, news)
      if (isOnce) return json || news.what === 'board' || news.what === 'looked' ? undefined : narrate(newsLine(news) ?? '')
      if (json) return news.what === 'board' && !news.isNews ? undefined : streamJson(newsJson(news))
      if (news.what === 'board') {
        printLines(runs === null ? boardLines(news) : newlyStopped(news, runs))
        runs = news.runs
      }
      const line = newsLine(news)
      if (line === null) return
      if (news.what === 'recorded') printLines([line])
      else narrate(line)
    },
  }
}

/** Of looks and boards only the newest counts. */
function keep(kept: WatchNews[], news: WatchNews): void {
  const isState = news.what === 'board' || news.what === 'looked'
  const others = isState ? kept.filter(({what}) => what !== news.what) : kept.slice(-KEPT)
  kept.splice(0, kept.length, ...others, news)
}

function onScreen(screen: Screen): WatchTeller {
  const happened: string[] = []
  return {
    seen: () => [],
    tell(news) {
      const line = newsLine(news)
      if (line !== null) happened.push(safeLine(line))
      happened.splice(0, happened.length - KEPT)
      if (news.what !== 'board') return
      const board = [`scram watch  ${new Date(news.now).toISOString().slice(0, 19)}Z  Ctrl-C ends it`, '', ...boardLines(news)].map(safeLine)
      screen.draw(arranged(board, happened, screen))
    },
    end() {
      screen.leave()
      printLines(happened.splice(0))
    },
  }
}

/** The board first; what happened last fills the rest, the newest at the bottom. */
export function arranged(board: readonly string[], happened: readonly string[], {columns, rows}: Pick<Screen, 'columns' | 'rows'>): readonly string[] {
  const shown = board.length <= rows ? board : [...board.slice(0, rows - 1), `… ${board.length - rows + 1} more: scram status`]
  const room = rows - shown.length - 1
  const below = room > 0 && happened.length > 0 ? ['', ...happened.slice(-room)] : []
  return [...shown, ...below].map(line => cutToWidth(line, columns))
}

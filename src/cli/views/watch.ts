import type {WatchNews} from '../../actions/watch.ts'
import type {View} from '../view.ts'
import {boardJson, boardLines} from './watch-board.ts'
import {newsJson} from './watch-line.ts'

/** How a single look ended: the board, and a no for a rod that drifted or anything that could not be looked at. */
export function watchedView(noticed: readonly WatchNews[]): View {
  const looked = noticed.findLast(news => news.what === 'looked')
  const seen = noticed.findLast(news => news.what === 'board')
  const rods = looked?.rods ?? []
  const now = seen?.now ?? looked?.now ?? 0
  const happened = noticed.filter(({what}) => what !== 'looked' && what !== 'board')
  const isWell = looked !== undefined && seen !== undefined && noticed.every(news => !isWrong(news)) && rods.every(({status}) => status !== 'drifted')
  return {
    text: seen ? boardLines(seen) : ['the record could not be read'],
    json: {what: 'looked', at: new Date(now).toISOString(), rods, ...(seen && boardJson(seen)), happened: happened.map(newsJson)},
    exit: isWell ? 0 : 1,
  }
}

function isWrong(news: WatchNews): boolean {
  if (news.what === 'recorded') return news.event.kind === 'rod.drifted'
  return news.what === 'trouble' || news.what === 'fault' || news.what === 'problem'
}

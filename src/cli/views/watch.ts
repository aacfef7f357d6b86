import type {Noticed} from '../../actions/watch-rods.ts'
import type {View} from '../view.ts'
import {rodDue, rodNews} from './rod-line.ts'

export type Watched = readonly Noticed[]

/** How the last look ended: every rod that is in, and a no for one that drifted or could not be looked at. */
export function watchedView(noticed: Watched): View {
  const last = noticed.findLast(news => news.what === 'looked')
  const rods = last?.rods ?? []
  const now = last?.now ?? 0
  const isWell =
    noticed.every(news => news.what !== 'trouble' && !(news.what === 'recorded' && news.event.kind === 'rod.drifted')) &&
    rods.every(({status}) => status !== 'drifted')
  return {
    text:
      rods.length === 0
        ? ['no rod is in']
        : rods.flatMap(rod => [`${rod.rod}  ${rodNews(rod, now)}`, ...[rodDue(rod, now)].filter(due => due !== null).map(due => `  ${due}`)]),
    json: {what: 'looked', at: new Date(now).toISOString(), rods},
    exit: isWell ? 0 : 1,
  }
}

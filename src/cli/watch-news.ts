import type {Noticed} from '../actions/watch-rods.ts'
import {describeEvent} from '../incident/describe.ts'
import {safeLine} from '../lib/text.ts'
import {showLive} from './live-line.ts'
import {narrate, streamJson} from './stdout.ts'
import {rodNews} from './views/rod-line.ts'
import type {Watched} from './views/watch.ts'

/**
 * What a watcher notices, as it does: lines on stderr (NDJSON on stdout under --json), and on a terminal one moving line
 * that says it is still looking. The rods themselves are told at the start and whenever one of them changed; of a single look
 * they are the result.
 */
export function watchNews(json: boolean, isOnce: boolean): {tell(noticed: Noticed): void; seen(): Watched} {
  const noticed: Noticed[] = []
  let told = ''
  return {
    seen: () => noticed,
    tell(news) {
      // What is kept is what a single look shows at its end; a watch that goes on needs only the last of it.
      if (news.what === 'looked') noticed.splice(0, noticed.length, ...noticed.filter(({what}) => what !== 'looked').slice(-KEPT))
      noticed.push(news)
      if (json) return news.what === 'looked' ? undefined : streamJson(jsonOf(news))
      if (news.what === 'recorded') return narrate(`${news.event.at}  ${describeEvent(news.event)}`)
      if (news.what === 'trouble') return narrate(`! ${news.rod === null ? '' : `rod ${news.rod}: `}${safeLine(news.reason)}`)
      if (isOnce) return
      const lines = news.rods.map(rod => `${rod.rod}  ${rodNews(rod, news.now)}`)
      const states = news.rods.map(({rod, status, since}) => `${rod} ${status} ${since}`).join('\n')
      if (states !== told) for (const line of lines.length > 0 ? lines : ['no rod is in']) narrate(line)
      told = states
      showLive(`watching ${lines.length} ${lines.length === 1 ? 'rod' : 'rods'}; last looked ${new Date(news.now).toISOString().slice(11, 19)} UTC`)
    },
  }
}

const KEPT = 100

export function jsonOf(news: Noticed): object {
  switch (news.what) {
    case 'recorded': {
      const {id, kind, at, incident, data} = news.event
      return {what: 'recorded', id, kind, at, incident, data}
    }
    case 'trouble':
      return news
    case 'looked':
      return {what: 'looked', rods: news.rods, at: new Date(news.now).toISOString()}
  }
}

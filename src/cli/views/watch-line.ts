import type {WatchNews} from '../../actions/watch.ts'
import {describeEvent} from '../../incident/describe.ts'
import {safeLine} from '../../lib/text.ts'
import {boardJson} from './watch-board.ts'

/** One line for what happened; null for what is a state. */
export function newsLine(news: WatchNews): string | null {
  switch (news.what) {
    case 'recorded':
      return `${news.event.at}  ${describeEvent(news.event)}`
    case 'trouble':
      return `! rod ${news.rod}: ${safeLine(news.reason)}`
    case 'problem':
      return `! ${safeLine(news.reason)}`
    case 'fault':
      return `! ${PARTS[news.part]}: ${safeLine(news.reason)}; it is tried again`
    case 'looked':
    case 'board':
      return null
    default:
      return news satisfies never
  }
}

const PARTS = {rods: 'the rods cannot be watched', clock: 'what is due cannot be done', record: 'the record'} as const

/** The same for a program: one object of a stream. */
export function newsJson(news: WatchNews): object {
  switch (news.what) {
    case 'recorded': {
      const {id, kind, at, incident, actor, data} = news.event
      return {what: 'recorded', id, kind, at, incident, actor, data}
    }
    case 'looked':
      return {what: 'looked', rods: news.rods, at: new Date(news.now).toISOString()}
    case 'board':
      return {what: 'board', at: new Date(news.now).toISOString(), ...boardJson(news)}
    case 'trouble':
    case 'problem':
    case 'fault':
      return news
    default:
      return news satisfies never
  }
}

import {NOT_RECORDED} from '../../incident/durations-print.ts'
import {correctionsOf, type TimelineRow, timelineRows} from '../../incident/timeline.ts'
import {shortEntry} from '../../lib/ids.ts'
import type {Facts} from '../facts.ts'
import {type Folded, foldRows} from '../fold-rows.ts'
import type {Part, Pen} from '../pen.ts'
import {dayOf, sinceStart} from '../say.ts'
import {lineWithoutPeople} from '../without-people.ts'

/** Above this many entries a reader needs a shorter table first. */
const LONG = 300

const HEADER = ['Time', 'T+', 'Who', 'What', 'Evidence']

/** Everything that was recorded, by when it happened, and below it what was corrected. */
export function timelineTable(facts: Facts, pen: Pen): readonly Part[] {
  const rows = timelineRows(facts.events)
  const intro = [
    'Times are UTC; the date stands in the first row of each day.',
    ...(facts.startMs === null ? [] : ['T+ counts from the start of the impact.']),
    '† = the time was given after the fact.',
  ]
  const write = table(facts, pen)
  const [shown, folded] = rows.length > LONG ? foldRows(rows) : [rows.map(alone), []]
  const below = folded.length === 0 ? [] : [html('<details><summary>All folded events</summary>'), write(folded.map(alone)), html('</details>')]
  const tables = rows.length === 0 ? [pen.paragraph('Nothing was recorded.')] : [write(shown), ...below]
  return [pen.paragraph(intro.join(' ')), ...tables, ...corrections(facts, pen)]
}

function table(facts: Facts, pen: Pen): (rows: readonly Folded[]) => Part {
  const {events, state, startMs, who, showsNames} = facts
  const records = new Map(events.map(event => [event.id, event]))
  const count = state.updates.reduce((most, {number}) => Math.max(most, number), 0)
  return folded => {
    let day = ''
    const cells = folded.map(({row, times, last}) => {
      const event = records.get(row.entry)
      const time = `${dayOf(Date.parse(row.at)) === day ? '' : `${dayOf(Date.parse(row.at))} `}${timeOf(row)}`
      day = dayOf(Date.parse(row.at))
      const said = event && !showsNames && !row.isRedacted ? (lineWithoutPeople(event, state) ?? row.text) : row.text
      const text = event?.kind === 'update.posted' ? said.replace(/^update (\d+),/, (_, number: string) => `update ${number} of ${count},`) : said
      const evidence = `${shortEntry(row.entry)}${times > 1 ? ` … ${shortEntry(last.entry)}` : ''}${event ? digest(event.data) : ''}`
      return [time, sinceStart(row.at, startMs), event ? who(event) : row.who, times > 1 ? `${times} × ${text}` : text, evidence]
    })
    return pen.table(HEADER, cells)
  }
}

/** `~15:52:51 ±1m †` */
function timeOf({at, approx, precisionMs, isBackdated}: TimelineRow): string {
  const half = precisionMs !== null && precisionMs >= 60_000 ? ` ±${Math.round(precisionMs / 60_000)}m` : ''
  return `${approx ? '~' : ''}${at.slice(11, 19)}${half}${isBackdated ? ' †' : ''}`
}

/** Output that was kept beside the record is named by its digest. */
function digest(data: unknown): string {
  const hash = data instanceof Object && 'digest' in data ? data.digest : undefined
  return typeof hash === 'string' ? ` sha256:${hash.slice(0, 12)}` : ''
}

function corrections({events, state, who}: Facts, pen: Pen): readonly Part[] {
  const records = new Map(events.map(event => [event.id, event]))
  const found = correctionsOf(events)
  const numbers = new Map(state.updates.map(({entry, number}) => [entry, number]))
  if (found.length === 0) return []
  const rows = found.map(({entry, of, old, new: now, at, why, source}) => {
    const number = numbers.get(entry)
    const by = records.get(source)
    return [
      shortEntry(source),
      `${number === undefined ? shortEntry(entry) : `update ${number}`}, ${of === 'at' ? 'time' : 'text'}`,
      old ?? NOT_RECORDED,
      now ?? NOT_RECORDED,
      `${at.slice(0, 10)} ${at.slice(11, 19)}`,
      by ? who(by) : 'not recorded',
      why ?? '',
    ]
  })
  return [pen.paragraph({strong: 'Corrections'}), pen.table(['Evidence', 'Of', 'Old', 'New', 'When (UTC)', 'Who', 'Why'], rows)]
}

const alone = (row: TimelineRow): Folded => ({row, times: 1, last: row})

const html = (value: string): Part => ({type: 'html', value})

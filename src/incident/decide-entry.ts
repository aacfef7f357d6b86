import {iso} from '../lib/clock.ts'
import {shortEntry, shortId} from '../lib/ids.ts'
import {type Act, existing, isRefusal, record, refuse} from './decision.ts'
import type {ScramEvent} from './events.ts'
import type {Decision, World} from './intentions.ts'
import {tooLate} from './time-guard.ts'
import {publicText, required, titleText, typedLine} from './typed-text.ts'

/** Notes go in after the end too: the postmortem needs them. */
export function decideNote(world: World, intention: Act<'note'>): Decision {
  const state = existing(world)
  if (isRefusal(state)) return state
  const text = required('the note', intention.text)
  if (isRefusal(text)) return text
  const {noteKind, pin} = intention
  return record(intention, [{kind: 'note.added', data: {noteKind, text, ...(pin && {pinned: true})}}])
}

/** Corrects text or time of an entry; an update is amended on the page, with its trail. */
export function decideAmend(world: World, intention: Act<'amend'>): Decision {
  const state = existing(world)
  if (isRefusal(state)) return state
  const {entry, isUpdate, newAt, notify} = intention
  const update = state.updates.find(each => each.entry === entry)
  if (entry === '' || (isUpdate && !update)) return refuse('entry.not-found', `no update ${shortEntry(entry)} in ${shortId(state.id)}`, 'scram timeline')
  if (intention.text === undefined && newAt === undefined) {
    return refuse(
      'usage.invalid',
      'neither a new text nor a new time is given',
      `scram amend ${shortEntry(entry)} -m "text"`,
      `scram amend ${shortEntry(entry)} --at 15:52Z`,
    )
  }
  const late = newAt === undefined ? undefined : tooLate(world, newAt)
  if (late) return late
  const isTitle = state.titledBy === entry
  const text =
    intention.text === undefined
      ? undefined
      : isUpdate
        ? publicText('the update', intention.text)
        : isTitle
          ? titleText('the title', intention.text)
          : required('the text', intention.text)
  if (text !== undefined && isRefusal(text)) return text
  const why = intention.why === undefined ? '' : typedLine(intention.why)
  const because = why === '' ? {} : {why}
  const at = newAt === undefined ? {} : {at: iso(Date.parse(newAt))}
  const events: ScramEvent[] = []
  if (update && text !== undefined) {
    events.push({kind: 'update.amended', data: {update: entry, number: update.number, body: text, ...because, ...(notify && {notify})}})
    if (newAt !== undefined) events.push({kind: 'entry.corrected', data: {entry, ...at, ...because}})
  } else {
    events.push({kind: 'entry.corrected', data: {entry, ...(text !== undefined && {text}), ...at, ...because}})
  }
  return record(intention, events)
}

/** Hides an entry's text in every view; the record keeps it under its hash. */
export function decideRedact(world: World, intention: Act<'redact'>): Decision {
  const state = existing(world)
  if (isRefusal(state)) return state
  const {entry} = intention
  if (entry === '') return refuse('entry.not-found', 'no entry is named', 'scram timeline')
  const why = required('the reason', intention.why)
  return isRefusal(why) ? why : record(intention, [{kind: 'entry.redacted', data: {entry, why}}])
}

/** Marks when something was reached; the two ends have verbs of their own and can only be moved here. */
export function decideMark(world: World, intention: Act<'mark'>): Decision {
  const state = existing(world)
  if (isRefusal(state)) return state
  const {milestone} = intention
  if (milestone === 'resolved' && state.resolves.length === 0) return refuse('guard.refused', 'a mark does not resolve the incident', 'scram resolve -m "text"')
  if (milestone === 'closed' && !state.closed) return refuse('guard.refused', 'a mark does not close the incident', 'scram close')
  const text = intention.text === undefined ? '' : typedLine(intention.text)
  return record(intention, [{kind: 'milestone.marked', data: {milestone, ...(text !== '' && {text})}}])
}

/** A duration someone vouches for, with its bound. */
export function decideMeasure(world: World, intention: Act<'state-measure'>): Decision {
  const state = existing(world)
  if (isRefusal(state)) return state
  const {ms, bound} = intention
  const measure = typedLine(intention.measure)
  if (measure === '') return refuse('text.empty', 'the name of the measure is empty')
  if (!Number.isSafeInteger(ms) || ms < 0) return refuse('usage.invalid', `${ms} ms is not a duration`)
  const from = intention.from === undefined ? '' : typedLine(intention.from)
  return record(intention, [{kind: 'measure.stated', data: {measure, ms, bound, ...(from !== '' && {from})}}])
}

/** Another title; the old one stays in the record. */
export function decideRetitle(world: World, intention: Act<'retitle'>): Decision {
  const state = existing(world)
  if (isRefusal(state)) return state
  const title = titleText('the title', intention.title)
  return isRefusal(title) ? title : record(intention, [{kind: 'incident.retitled', data: {title}}])
}

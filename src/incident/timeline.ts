import {describeEvent} from './describe.ts'
import {type Opaque, type Recorded, recordOrder, timelineOrder, visibilityOf} from './events.ts'
import {isBackdated} from './instant.ts'
import {REDACTED} from './redaction.ts'
import {saying, textOf} from './said.ts'
import type {ActorKind} from './words.ts'

/** One line of a timeline for people. Text is as it was recorded, on one line: a view makes it safe for where it goes. */
export interface TimelineRow {
  /** When it happened, corrected if it was. */
  readonly at: string
  readonly recorded: string
  /** `†`: the time was given after the fact. */
  readonly isBackdated: boolean
  readonly who: string
  readonly actorKind: ActorKind
  readonly kind: string
  /** One plain line, corrections and redactions applied. */
  readonly text: string
  readonly entry: string
  readonly isCorrected: boolean
  readonly isRedacted: boolean
  readonly visibility: 'internal' | 'public'
  readonly approx: boolean
  readonly precisionMs: number | null
}

export interface Correction {
  /** The entry that was corrected. */
  readonly entry: string
  /** `text` or `at`: what changed. */
  readonly of: 'text' | 'at'
  /** Null: what it said before was not kept. */
  readonly old: string | null
  readonly new: string | null
  readonly at: string
  readonly by: string
  readonly why: string | null
  /** The entry that corrects. */
  readonly source: string
}

interface Now {
  readonly text?: string
  readonly at?: string
  /** The entry that gave the text. */
  readonly textBy?: string
}

/**
 * Everything that was recorded, one row an entry, sorted by when it happened, then by record order: a pure function of
 * the set, whatever order it arrived in. A corrected entry shows what it says now; a redacted one shows why, and neither
 * its corrections nor its amendments bring the text back.
 */
export function timelineRows(events: readonly (Recorded | Opaque)[]): readonly TimelineRow[] {
  const trail = trailOf(events)
  return events
    .map(event => ({...event, at: trail.now.get(event.id)?.at ?? event.at}))
    .sort(timelineOrder)
    .map(event => rowOf(event, trail))
}

/** What was corrected or amended, old and new, in record order. */
export function correctionsOf(events: readonly (Recorded | Opaque)[]): readonly Correction[] {
  return trailOf(events).corrections
}

interface Trail {
  /** Entry → what it says now, where that is not what it said first. */
  readonly now: ReadonlyMap<string, Now>
  /** Entry → why it is hidden. */
  readonly hidden: ReadonlyMap<string, string>
  readonly corrections: readonly Correction[]
}

/** A correction, and which entry its old text came from. */
type Told = Correction & {readonly oldBy: string}

function trailOf(events: readonly (Recorded | Opaque)[]): Trail {
  const known = new Map<string, Recorded>()
  const now = new Map<string, Now>()
  const hidden = new Map<string, string>()
  const told: Told[] = []
  for (const event of [...events].sort(recordOrder)) {
    if ('opaque' in event) continue
    known.set(event.id, event)
    const change = changeIn(event)
    if (change) {
      const before = now.get(change.entry) ?? {}
      told.push(...tell(event, change, before, known.get(change.entry)))
      const {text, at} = change
      now.set(change.entry, {...before, ...(text !== undefined && {text, textBy: event.id}), ...(at !== undefined && {at})})
    } else if (event.kind === 'entry.redacted') {
      hide(event.data.entry, event.data.why, {now, hidden, told})
    }
  }
  return {now, hidden, corrections: told.map(each => withoutHidden(each, hidden))}
}

interface Change {
  readonly entry: string
  readonly text?: string
  readonly at?: string
  readonly why?: string
  /** The source said that it changed the text, and kept neither. */
  readonly isTextLost?: boolean
}

function changeIn(event: Recorded): Change | null {
  if (event.kind === 'entry.corrected') return event.data
  if (event.kind !== 'update.amended') return null
  const {update: entry, body: text, nextUpdateBy, why} = event.data
  const because = why === undefined ? {} : {why}
  if (text !== undefined) return {entry, text, ...because}
  return nextUpdateBy === undefined ? {entry, isTextLost: true, ...because} : null
}

function tell(event: Recorded, {entry, text, at, why, isTextLost}: Change, before: Now, original: Recorded | undefined): readonly Told[] {
  const first = original && textOf(original)
  const base = {entry, at: event.at, by: event.actor.name, why: why ?? null, source: event.id, oldBy: before.textBy ?? entry}
  const reads = before.text ?? first ?? null
  return [
    ...(text === undefined ? [] : [{...base, of: 'text' as const, old: reads, new: text}]),
    ...(isTextLost ? [{...base, of: 'text' as const, old: null, new: reads}] : []),
    ...(at === undefined ? [] : [{...base, of: 'at' as const, old: before.at ?? original?.at ?? null, new: at}]),
  ]
}

/** Hides an entry and all that told its text again so far; a text written after the redaction shows. */
function hide(entry: string, why: string, {now, hidden, told}: {now: Map<string, Now>; hidden: Map<string, string>; told: readonly Told[]}): void {
  hidden.set(entry, why)
  for (const each of told) if (each.entry === entry && each.of === 'text') hidden.set(each.source, why)
  for (const [id, {at, textBy}] of now) {
    const times = at === undefined ? {} : {at}
    if (id === entry) now.set(id, times)
    else if (textBy === entry) now.set(id, {...times, text: REDACTED, textBy})
  }
}

function withoutHidden({oldBy, ...correction}: Told, hidden: ReadonlyMap<string, string>): Correction {
  if (correction.of === 'at') return correction
  const isOldHidden = correction.old !== null && hidden.has(oldBy)
  return {...correction, ...(isOldHidden && {old: REDACTED}), ...(hidden.has(correction.source) && {new: REDACTED})}
}

function rowOf(event: Recorded | Opaque, {now, hidden}: Trail): TimelineRow {
  const {id, at, recorded, actor, kind, approx, precisionMs, basis} = event
  const why = hidden.get(id)
  const amended = now.get(id)
  const text = amended?.text
  // A text of its own that was written after the redaction shows again.
  const isRedacted = why !== undefined && text === undefined
  return {
    at,
    recorded,
    isBackdated: isBackdated({at, recorded, ...(basis && {basis})}),
    who: actor.name,
    actorKind: actor.kind,
    kind,
    text: isRedacted ? `${REDACTED} ${why.replaceAll(/\s+/g, ' ')}` : lineOf(event, text),
    entry: id,
    isCorrected: amended !== undefined,
    isRedacted: isRedacted || text === REDACTED,
    visibility: visibilityOf(event),
    approx: approx ?? false,
    precisionMs: precisionMs ?? null,
  }
}

function lineOf(event: Recorded | Opaque, text: string | undefined): string {
  if ('opaque' in event) return `${event.kind}: not known to this version of scram`
  if (text === undefined) return describeEvent(event)
  const said = saying(event, text)
  return said ? describeEvent(said) : `${describeEvent(event)} (corrected: ${text.replaceAll(/\s+/g, ' ')})`
}

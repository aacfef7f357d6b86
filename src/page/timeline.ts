import type {ComponentStatus} from '../incident/words.ts'
import type {IncidentEntry} from './incident-entry.ts'
import {type Markup, markup} from './markup.ts'
import {prose} from './prose.ts'
import {cut} from './public-text.ts'
import {mark, STATUS_WORDS, UPDATE_WORDS} from './status-marks.ts'
import {clockTime, fullTime} from './times.ts'
import type {Affected, UpdateEntry} from './update-entry.ts'

export interface Shown {
  /** The most updates, the newest ones, and the most characters of each; the rest is a link to the incident's page. */
  readonly updates: number
  readonly characters: number
}

/** The whole of what was said, newest first, with what it changed. */
export function timeline(incident: IncidentEntry, {updates: most, characters}: Shown): Markup {
  const {updates, id} = incident
  const hidden = updates.length - most
  return markup`<ol reversed>${updates.slice(0, most).map(update => entry(update, `/incidents/${id}`, characters))}</ol>${
    hidden > 0 && markup`<p><a href="/incidents/${id}">${hidden} earlier ${hidden === 1 ? 'update' : 'updates'}</a></p>`
  }`
}

function entry(update: UpdateEntry, address: string, characters: number): Markup {
  const {id, body, isRedacted, editedAt, overdue, displayAt} = update
  const isLong = body.length > characters
  return markup`
<li id="${id}"><strong>${update.isRepeated ? 'Update' : UPDATE_WORDS[update.status]}</strong> ${fullTime(displayAt)}${
    editedAt !== null && markup` <span class="dim">· Edited ${clockTime(editedAt, displayAt)}</span>`
  }${overdue !== null && markup`<p class="late">Overdue: promised by ${clockTime(overdue, displayAt)}</p>`}${
    isRedacted ? markup`<p class="dim">This text was removed.</p>` : prose(isLong ? cut(body, characters) : body)
  }${isLong && !isRedacted && markup`<p><a href="${address}#${id}">Read the whole update</a></p>`}${changes(update.affected ?? [])}</li>`
}

/** Only what this update changed: what stayed as it was is in the list of components. */
function changes(affected: readonly Affected[]): Markup | null {
  const changed = affected.filter(({oldStatus, newStatus}) => oldStatus !== newStatus)
  if (changed.length === 0) return null
  return markup`<ul>${changed.map(({name, oldStatus, newStatus}) => markup`<li>${name}: ${was(oldStatus)} → ${mark(newStatus)}</li>`)}</ul>`
}

function was(status: ComponentStatus): string {
  return STATUS_WORDS[status]
}

/** `Next update by 10:00 UTC`; the day stands with it when it is not that of the newest update. */
export function promise({nextUpdateAt, updates}: IncidentEntry): Markup | null {
  if (nextUpdateAt === null) return null
  return markup`<p class="promise">Next update by ${clockTime(nextUpdateAt, updates[0]?.displayAt ?? '')}</p>`
}

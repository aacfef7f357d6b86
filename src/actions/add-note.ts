import type {NoteKind} from '../incident/words.ts'
import type {Desk, Done} from './desk.ts'
import {recordIntention, type Writing} from './record-intention.ts'

export interface AddNote extends Writing {
  readonly text: string
  readonly kind?: NoteKind | undefined
  readonly pin?: boolean | undefined
}

/** Adds an internal note. With no incident open it goes to the one that ended last only if that one is named. */
export async function addNote(desk: Desk, {text, kind = 'note', pin = false, at, id}: AddNote): Promise<Done> {
  return recordIntention(desk, {intend: 'note', text, noteKind: kind, ...(pin && {pin})}, {at, id})
}

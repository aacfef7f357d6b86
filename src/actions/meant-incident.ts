import type {Board, OnBoard} from '../incident/board-state.ts'
import {own} from '../incident/own.ts'
import type {Journal} from '../journal/journal.ts'
import {Fault} from '../lib/fault.ts'
import {shortId} from '../lib/ids.ts'
import type {Desk} from './desk.ts'

/**
 * Which incident a command is about. A named one wins (--incident, $SCRAM_INCIDENT, then `scram use`), else the only open
 * one. With several open and none chosen everything is refused (77): a note in the wrong incident is worse than a retry.
 *
 * - `write`: none open → 66.
 * - `look`: none open → the chosen one, else the one that ended last (show, timeline, postmortem, reopen, close).
 * - `maybe`: none open → null (a rod, `exec`: recorded without an incident).
 *
 * @throws Fault incident.not-found · incident.several · usage.ambiguous
 */
export async function meantIncident(desk: Desk, journal: Journal, board: Board, want: 'write' | 'look'): Promise<string>
export async function meantIncident(desk: Desk, journal: Journal, board: Board, want: 'maybe'): Promise<string | null>
export async function meantIncident(desk: Desk, journal: Journal, board: Board, want: 'write' | 'look' | 'maybe'): Promise<string | null> {
  if (desk.choice.named !== null) return findIncident(journal, board, desk.choice.named)
  const open = Object.values(board.open)
  const used = await desk.choice.used()
  // A choice outlives its incident: once that is resolved it decides only where nothing is open. Who types `amend 1` in
  // an outage means the one that is going on, not the one chosen last week.
  if (used !== null && (own(board.open, used) || (want === 'look' && open.length === 0 && (await isRecorded(journal, used))))) return used
  const [only, another] = open
  if (another) throw severalOpen(open)
  if (only) return only.id
  if (want === 'maybe') return null
  const last = board.recent[0]
  if (want === 'look' && last) return last.id
  throw noneOpen(last)
}

/** The home may have been replaced since. */
async function isRecorded(journal: Journal, incident: string): Promise<boolean> {
  return (await journal.incidents({part: incident})).some(({id}) => id === incident)
}

/**
 * Any unique part of an id, upper or lower case, as people read them to each other.
 * @throws Fault incident.not-found · usage.ambiguous
 */
export async function findIncident(journal: Journal, board: Board, part: string): Promise<string> {
  const wanted = part.trim().toLowerCase()
  if (wanted === '') throw new Fault('incident.not-found', 'an empty text names no incident', {hints: ['scram list --all']})
  if (own(board.open, wanted)) return wanted
  const matches = await journal.incidents({part: wanted})
  const exact = matches.find(({id}) => id === wanted)
  if (exact) return exact.id
  const [only, another] = matches
  if (another) throw ambiguous(part, matches)
  if (only) return only.id
  throw new Fault('incident.not-found', `no incident matches "${part}"`, {hints: ['scram list --all']})
}

const LISTED = 8

function ambiguous(part: string, matches: readonly {id: string; title: string}[]): Fault {
  const shown = matches.slice(0, LISTED).map(({id, title}) => `${id}  ${title}`)
  const more = matches.length > LISTED ? [`and ${matches.length - LISTED} more: scram list --all`] : []
  return new Fault('usage.ambiguous', `"${part}" matches ${matches.length} incidents; type more of the id`, {hints: [...shown, ...more]})
}

function severalOpen(open: readonly OnBoard[]): Fault {
  const each = open.slice(0, LISTED).map(({id, severity, title}) => `scram use ${shortId(id)}    # ${severity} ${title}`)
  return new Fault('incident.several', `${open.length} incidents are open and none is chosen; name one with --incident ID, or choose`, {hints: each})
}

function noneOpen(last: OnBoard | undefined): Fault {
  const back = last ? [`scram reopen --incident ${shortId(last.id)} --why TEXT    # ${last.title}`] : []
  return new Fault('incident.not-found', 'no incident is open', {hints: ['scram open "what users see" -s sev1', ...back]})
}

import {type Board, type OnBoard, RECENT} from './board-state.ts'
import type {Recorded} from './events.ts'
import {own, without} from './own.ts'

type Ended = Exclude<OnBoard['phase'], 'open'>

/** The incident as the board shows it, open or lately ended; undefined when it was never opened or has left the board. */
export function onBoard(board: Board, id: string | null): OnBoard | undefined {
  if (id === null) return undefined
  return own(board.open, id) ?? board.recent.find(each => each.id === id)
}

/** Changes the entry where it stands. */
export function withEntry(board: Board, id: string | null, change: (entry: OnBoard) => OnBoard): Board {
  if (id === null) return board
  const entry = own(board.open, id)
  if (entry) return {...board, open: {...board.open, [id]: change(entry)}}
  return {...board, recent: board.recent.map(each => (each.id === id ? change(each) : each))}
}

/** A second opening of what the board knows changes nothing. */
export function openOnBoard(board: Board, event: Extract<Recorded, {kind: 'incident.opened'}>): Board {
  const {incident: id, data, at} = event
  if (id === null || onBoard(board, id)) return board
  const entry = freshEntry(id, {title: data.title, severity: data.severity, openedAt: at}, event)
  const opened = {...entry, isPrivate: data.private ?? false, isDrill: data.drill ?? false}
  return adopt({...board, open: {...board.open, [id]: opened}}, data.adopt ?? [], id)
}

export function reopenOnBoard(board: Board, event: Extract<Recorded, {kind: 'incident.reopened'}>): Board {
  const {incident: id, data} = event
  if (id === null) return board
  const entry: OnBoard = {...(onBoard(board, id) ?? freshEntry(id, data, event)), phase: 'open', endedAt: null}
  return {...board, open: {...board.open, [id]: entry}, recent: board.recent.filter(each => each.id !== id)}
}

/** Out of the open ones, its promise kept or void; once it has ended, a later end only changes its phase. */
export function endOnBoard(board: Board, event: Recorded, phase: Ended): Board {
  const {incident: id, at} = event
  const open = id === null ? undefined : own(board.open, id)
  if (!open) return withEntry(board, id, entry => (entry.phase === 'merged' ? entry : {...entry, phase: phase === 'resolved' ? entry.phase : phase}))
  const entry: OnBoard = {...open, phase, promise: null, endedAt: at}
  const recent = [entry, ...board.recent].sort(newestEndFirst).slice(0, RECENT)
  return {...board, open: without(board.open, open.id), recent}
}

/** A corrected title or opening is shown corrected. */
export function correctOnBoard(board: Board, {incident, data}: Extract<Recorded, {kind: 'entry.corrected'}>): Board {
  const {entry: id, text, at} = data
  return withEntry(board, incident, entry => ({
    ...entry,
    title: text !== undefined && entry.titledBy === id ? text : entry.title,
    openedAt: at !== undefined && entry.openedBy === id ? at : entry.openedAt,
  }))
}

/** The rods of a merged incident are from then on the other one's to withdraw. */
export function moveRods(board: Board, from: string | null, into: string): Board {
  return adopt(
    board,
    Object.keys(board.rods).filter(rod => own(board.rods, rod)?.incident === from),
    into,
  )
}

function adopt(board: Board, rods: readonly string[], incident: string): Board {
  const adopted = rods.flatMap(rod => {
    const state = own(board.rods, rod)
    return state ? [[rod, {...state, incident}] as const] : []
  })
  return adopted.length === 0 ? board : {...board, rods: {...board.rods, ...Object.fromEntries(adopted)}}
}

/** Stable: of two that ended at one instant, the one recorded last comes first. */
function newestEndFirst(a: OnBoard, b: OnBoard): number {
  const [endA, endB] = [a.endedAt ?? '', b.endedAt ?? '']
  return endA > endB ? -1 : endA < endB ? 1 : 0
}

function freshEntry(id: string, {title, severity, openedAt}: Pick<OnBoard, 'title' | 'severity' | 'openedAt'>, {id: by}: Recorded): OnBoard {
  return {
    id,
    title,
    titledBy: by,
    openedBy: by,
    severity,
    openedAt,
    isPrivate: false,
    isDrill: false,
    phase: 'open',
    publicStatus: null,
    promise: null,
    lastUpdateAt: null,
    lastUpdate: 0,
    endedAt: null,
  }
}

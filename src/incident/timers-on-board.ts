import type {Board} from './board-state.ts'
import type {EventData, PromisePolicy, PromiseStage, Recorded, ScheduledUpdate} from './events.ts'
import {own, without} from './own.ts'

/** A timer that is set and not over: what is due by itself, without an event of another kind. */
export interface TimerOnBoard {
  readonly timer: string
  readonly what: 'update' | 'retry' | 'wait' | 'approve'
  readonly due: string
  readonly incident: string | null
  /** Whose record set it: only that machine acts on it. */
  readonly origin: string
  readonly by: string
  readonly setAt: string
  readonly run: string | null
  readonly step: string | null
  readonly attempt: number
  readonly update: ScheduledUpdate | null
  /** Its time came and a person has to act: a scheduled update that was held, a wait of a parked run that is over. */
  readonly told: {readonly at: string; readonly lateMs: number; readonly reason: string | null} | null
}

/** What the promise of an open incident is kept by, and of what people were reminded. */
export interface IncidentClock {
  readonly policy: (PromisePolicy & {readonly run: string}) | null
  readonly told: {readonly update: number; readonly by: string; readonly stage: Exclude<PromiseStage, 'at_most'>} | null
  /** Number of the update after which silence was told to be too long. */
  readonly atMostTold: number
  /** The last public text was a fallback that nobody wrote: no second one before a person has spoken. */
  readonly isFilled: boolean
}

const STILL: IncidentClock = {policy: null, told: null, atMostTold: 0, isFilled: false}

export function clockOf({clocks}: Pick<Board, 'clocks'>, incident: string): IncidentClock {
  return own(clocks, incident) ?? STILL
}

type TimerEvent = Extract<Recorded, {kind: 'timer.set' | 'timer.fired' | 'timer.cancelled'}>

/** Total: a timer fired or cancelled that nobody set here changes nothing. */
export function evolveTimers(board: Board, event: TimerEvent): Board {
  const {timer} = event.data
  switch (event.kind) {
    case 'timer.set': {
      const set = timerOf(event.data, event)
      return set ? {...board, timers: {...timersBut(board, known => isReplaced(known, set)), [timer]: set}} : board
    }
    case 'timer.fired': {
      const {promise, outcome, lateMs, reason} = event.data
      if (promise) return withClock(board, event.incident, clock => reminded(clock, promise))
      const known = own(board.timers, timer)
      if (!known) return board
      if (outcome !== 'held' && outcome !== 'told') return {...board, timers: without(board.timers, timer)}
      return {...board, timers: {...board.timers, [timer]: {...known, told: {at: event.at, lateMs, reason: reason ?? null}}}}
    }
    case 'timer.cancelled':
      return {...board, timers: without(board.timers, timer)}
  }
}

/** A run asks for one approval at a time: its next question says that the last one was answered, in time or not. */
function isReplaced({what, run}: TimerOnBoard, by: TimerOnBoard): boolean {
  return what === 'approve' && by.what === 'approve' && run !== null && run === by.run
}

function timerOf(data: EventData['timer.set'], {incident, origin, actor, at}: Recorded): TimerOnBoard | null {
  const {timer, what, due, run = null, step = null, attempt = 0, update = null} = data
  // A promise and an expiry are due by the events that made them.
  if (what === 'promise' || what === 'expiry' || (what === 'update' && update === null)) return null
  return {timer, what, due, incident, origin, by: actor.name, setAt: at, run, step, attempt, update, told: null}
}

function reminded(clock: IncidentClock, {update, by, stage}: NonNullable<EventData['timer.fired']['promise']>): IncidentClock {
  return stage === 'at_most' ? {...clock, atMostTold: update} : {...clock, told: {update, by, stage}}
}

/** A run that says how its promises are kept says so for the incident, also one that it has yet to open. */
export function withPolicy(board: Board, {incident, data}: Extract<Recorded, {kind: 'run.started'}>): Board {
  const {updates, run} = data
  return updates ? withClock(board, incident, clock => ({...clock, policy: {...updates, run}})) : board
}

/** A text of a person ends the silence that a fallback may fill once. */
export function withSpoken(board: Board, {incident, data}: Extract<Recorded, {kind: 'update.posted'}>): Board {
  const isFilled = data.auto === true
  const known = incident !== null && own(board.clocks, incident) !== undefined
  return known || isFilled ? withClock(board, incident, clock => ({...clock, isFilled})) : board
}

function withClock(board: Board, incident: string | null, change: (clock: IncidentClock) => IncidentClock): Board {
  return incident === null ? board : {...board, clocks: {...board.clocks, [incident]: change(clockOf(board, incident))}}
}

/** With the incident end its promises, and what was still to be said about it. */
export function withoutClock(board: Board, incident: string | null): Board {
  if (incident === null) return board
  return {...board, clocks: without(board.clocks, incident), timers: timersBut(board, ({what, incident: of}) => what === 'update' && of === incident)}
}

/** The waits of a run that is over. */
export function withoutTimersOfRun(board: Board, run: string): Board {
  return {...board, timers: timersBut(board, timer => timer.run === run)}
}

function timersBut({timers}: Board, isOver: (timer: TimerOnBoard) => boolean): Board['timers'] {
  const over = Object.values(timers).filter(isOver)
  return over.length === 0 ? timers : over.reduce((left, {timer}) => without(left, timer), timers)
}

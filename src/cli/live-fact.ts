import type {RodState} from '../incident/board-state.ts'
import type {Rod} from '../rods/rod.ts'
import type {Told} from '../rods/watch-effect.ts'
import {showLive} from './live-line.ts'
import {narrate} from './stdout.ts'
import {rodWorth} from './views/rod-line.ts'

const WORDS: Readonly<Record<Told['fact'], string>> = {
  acknowledged: 'acknowledged',
  'not-acknowledged': 'not acknowledged',
  'read-back': 'reads back',
  looked: "users' path",
  bypass: 'way in',
}

/** What is about to move: what users lose, what it spares, and how well the rod is known to work. */
export function tellBefore(rod: Rod, state: RodState | null, now: number): void {
  const {users, worst} = rod.blast ?? {}
  const blast = [users, worst].filter(Boolean).join('; ')
  narrate(`${rod.id} stops: ${rod.what}; spares: ${rod.spares}${blast === '' ? '' : `; affects: ${blast}`}; ${rodWorth(state, now)}`)
}

/** Shows what a move is waiting for, on a terminal, until its result is printed. The record and the view keep the facts. */
export function liveFact(rod: string): (fact: Told) => void {
  showLive(`${rod}: looking where it stands`)
  return ({fact, target, ms, line}) => {
    if (fact === 'bypass') narrate(`${rod}: ${line}`)
    showLive(`${rod}: ${target === '' ? '' : `${target} `}${WORDS[fact]} after ${ms} ms: ${line}`)
  }
}

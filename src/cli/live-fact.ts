import type {Told} from '../rods/watch-effect.ts'
import {showLive} from './live-line.ts'
import {narrate} from './stdout.ts'

const WORDS: Readonly<Record<Told['fact'], string>> = {
  acknowledged: 'acknowledged',
  'not-acknowledged': 'not acknowledged',
  'read-back': 'reads back',
  looked: "users' path",
  bypass: 'way in',
}

/** Shows what a move is waiting for, on a terminal, until its result is printed. The record and the view keep the facts. */
export function liveFact(rod: string): (fact: Told) => void {
  showLive(`${rod}: looking where it stands`)
  return ({fact, target, ms, line}) => {
    if (fact === 'bypass') narrate(`${rod}: ${line}`)
    showLive(`${rod}: ${target === '' ? '' : `${target} `}${WORDS[fact]} after ${ms} ms: ${line}`)
  }
}

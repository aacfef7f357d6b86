import type {Draft} from '../incident/events.ts'
import {sha256Hex} from '../lib/sha256.ts'
import type {Keeper} from './keeper.ts'
import type {Writer} from './record-drafts.ts'

/**
 * The ids and the instant of one call of `append` or `decide`, kept over every try of it. A commit whose fsync failed was never
 * acknowledged, yet its rows may come to light after a restart: the same event in the emergency log must bear the same id,
 * or the timeline would show it twice.
 */
export class Attempt {
  readonly #keeper: Keeper
  readonly #given: string[] = []
  #nowMs: number | undefined

  constructor(keeper: Keeper) {
    this.#keeper = keeper
  }

  /** What this call writes as. */
  writer(drafts: readonly Draft[]): Writer {
    const {actor, redact} = this.#keeper
    const first = drafts[0]?.id
    const isRepeat = this.#given.length > 0
    const idFor = (index: number) => this.#idFor(index, first)
    return {actor, redact, nowMs: this.#now(), idFor, mayBeKnown: ({id}) => isRepeat || first !== undefined || id !== undefined}
  }

  /** When the first try got to write: under the lock, however long it waited for it. */
  #now(): number {
    this.#nowMs ??= this.#keeper.clock.now()
    return this.#nowMs
  }

  /**
   * The id of the draft at `index`. Where the caller named the first draft, the others' ids follow from that name: so a
   * repeated call finds all of them again, not just the first.
   */
  #idFor(index: number, first: string | undefined): string {
    const id = this.#given[index] ?? (first === undefined ? this.#keeper.ids.uuid(this.#now()) : followingId(first, index))
    this.#given[index] = id
    return id
  }
}

/** RFC 9562 version 8: the first id's time, then bits that follow from the name. */
function followingId(first: string, index: number): string {
  const bits = sha256Hex(`${first}/${index}`)
  return `${first.slice(0, 13)}-8${bits.slice(0, 3)}-8${bits.slice(3, 6)}-${bits.slice(6, 18)}`
}

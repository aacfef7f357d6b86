import {makeTokenBucket, type TokenBucket} from './token-bucket.ts'

/** Where the API's two rods stand, as its control side is asked and answers. */
export interface DoorSetting {
  /** Percent of attempts that are refused. */
  readonly maintenance: number
  /** Attempts admitted a second; 0 admits nobody, null is no limit. */
  readonly rate: number | null
}

/** The mark of a refusal: which rod it was. */
export type RefusedBy = 'api-maintenance' | 'api-admit-rate'

const HIGHEST_RATE = 1_000_000

/**
 * What stands before the API's work. An attempt passes maintenance first and takes of the admitted rate only then, so a
 * share of what comes never eats into it. Pure: draws and time are handed in.
 */
export class ApiDoor {
  readonly #draw: () => number
  #setting: DoorSetting = {maintenance: 0, rate: null}
  #bucket: TokenBucket | null = null

  /** `draw` gives numbers in [0, 1), one per attempt that a share may refuse. */
  constructor(draw: () => number) {
    this.#draw = draw
  }

  get setting(): DoorSetting {
    return this.#setting
  }

  /** Absolute, so twice is once: a rate that is set again goes on with its bucket. What is not named stays. */
  set(change: Partial<DoorSetting>, ticks: number): void {
    const before = this.#setting
    this.#setting = {...before, ...change}
    const {rate} = this.#setting
    if (rate !== before.rate) this.#bucket = rate === null ? null : makeTokenBucket(rate, ticks)
  }

  /** Null: let in. */
  refuses(ticks: number): RefusedBy | null {
    const {maintenance} = this.#setting
    if (maintenance > 0 && this.#draw() * 100 < maintenance) return 'api-maintenance'
    return this.#bucket && !this.#bucket.take(ticks) ? 'api-admit-rate' : null
  }
}

/** A setting from outside: one key or both, and nothing else. A text says what is wrong with it; nothing is changed then. */
export function doorSettingIn(body: unknown): Partial<DoorSetting> | string {
  if (!(body instanceof Object) || Array.isArray(body)) return 'an object with "maintenance" or "rate" is expected'
  const {maintenance, rate, ...others} = body as Record<string, unknown>
  const [other] = Object.keys(others)
  if (other !== undefined) return `there is no ${JSON.stringify(other.slice(0, 40))}`
  if (maintenance === undefined && rate === undefined) return '"maintenance" or "rate" is needed'
  if (maintenance !== undefined && !isShare(maintenance)) return '"maintenance" must be a whole number from 0 to 100'
  if (rate !== undefined && !isRate(rate)) return '"rate" must be a number of 0 or more, or null for no limit'
  return {...(maintenance !== undefined && {maintenance}), ...(rate !== undefined && {rate})}
}

const isShare = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 100
const isRate = (value: unknown): value is number | null => value === null || (typeof value === 'number' && value >= 0 && value <= HIGHEST_RATE)

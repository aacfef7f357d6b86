/** What was met within one second since the load began; an answer counts in the second its request was sent. */
export interface Second {
  readonly routerOk: number
  readonly routerFailed: number
  readonly apiServed: number
  /** 503s of a rod. */
  readonly apiRefused: number
  /** No answer within the customer's patience. */
  readonly apiTimeouts: number
  /** Anything else. */
  readonly apiFailed: number
}

export type Met = keyof Second
type Counting = {-readonly [K in Met]: number}

/** Counts by second. Its life is bounded by that of its process. */
export class PerSecond {
  readonly #seconds: Counting[] = []
  readonly #startTicks: number

  constructor(startTicks: number) {
    this.#startTicks = startTicks
  }

  get seconds(): readonly Second[] {
    return this.#seconds
  }

  /** How to count an answer to what is sent now. */
  at(ticks: number): (met: Met) => void {
    const index = Math.max(Math.floor((ticks - this.#startTicks) / 1000), 0)
    while (this.#seconds.length <= index) this.#seconds.push({routerOk: 0, routerFailed: 0, apiServed: 0, apiRefused: 0, apiTimeouts: 0, apiFailed: 0})
    // It was pushed one line above at the latest.
    const second = this.#seconds[index] as Counting
    return met => {
      second[met] += 1
    }
  }
}

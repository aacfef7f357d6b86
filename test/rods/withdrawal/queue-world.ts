import {makeDraw} from '../../../src/drill/draw.ts'
import type {Clock} from '../../../src/lib/clock.ts'

interface Customer {
  /** When it tries, or, while it waits in the queue, when it leaves. */
  at: number
  isQueued: boolean
}

const WORK_MS = 20
const ARRIVAL_MS = 100
const REFILL_MS = 50
const TIMEOUT_MS = 2000
const RETRY_AFTER_MS = 5000
const RETRY_MS = 100
const MOST_CUSTOMERS = 600

/**
 * The platform of the drill in simulated time: one worker with 50 writes a second; customers who arrive evenly, leave after
 * 2 s, come back at once after a failure and 5 s after a refusal, until they are served. What a customer has left behind is
 * worked off all the same: that is why a queue that is too long stays too long.
 */
export class QueueWorld {
  position = 'fully in'
  served = 0
  refused = 0
  timeouts = 0
  private customers = new Set<Customer>()
  private queue: Customer[] = []
  private tokens = 0
  private passedMs = 0
  private readonly draw: () => number
  private readonly startTicks: number
  private readonly clock: Pick<Clock, 'ticks'>
  private readonly offeredPerSecond: number

  constructor(clock: Pick<Clock, 'ticks'>, offeredPerSecond: number, seed: number) {
    this.clock = clock
    this.offeredPerSecond = offeredPerSecond
    this.draw = makeDraw(seed)
    this.startTicks = clock.ticks()
  }

  /** Everything that happened until now. */
  pass(): this {
    const untilMs = this.clock.ticks() - this.startTicks
    for (; this.passedMs < untilMs; this.passedMs += 10) this.step(this.passedMs)
    return this
  }

  queued(): number {
    return this.pass().queue.length
  }

  backlog(): number {
    return this.pass().customers.size
  }

  private step(now: number) {
    if (now % ARRIVAL_MS === 0) {
      for (let i = 0; i < (this.offeredPerSecond * ARRIVAL_MS) / 1000; i += 1)
        if (this.customers.size < MOST_CUSTOMERS) this.customers.add({at: now, isQueued: false})
    }
    const rate = this.rate()
    if (now % REFILL_MS === 0) this.tokens = Math.min(this.tokens + (rate * REFILL_MS) / 1000, Math.max(rate / 10, 1))
    if (now % WORK_MS === 0) this.work()
    for (const customer of this.customers) if (customer.at <= now) this.act(customer, now)
  }

  private work() {
    const customer = this.queue.shift()
    if (customer?.isQueued) {
      this.served += 1
      this.customers.delete(customer)
    }
  }

  private act(customer: Customer, now: number) {
    if (customer.isQueued) {
      this.timeouts += 1
      // Its request stays where it is.
      this.queue[this.queue.indexOf(customer)] = {at: 0, isQueued: false}
      Object.assign(customer, {at: now + RETRY_MS, isQueued: false})
    } else if (this.admits()) {
      this.queue.push(customer)
      Object.assign(customer, {at: now + TIMEOUT_MS, isQueued: true})
    } else {
      this.refused += 1
      customer.at = now + RETRY_AFTER_MS
    }
  }

  private rate(): number {
    return this.position.endsWith('/s') ? Number.parseFloat(this.position) : 0
  }

  private admits(): boolean {
    if (this.position === 'withdrawn') return true
    if (this.position.endsWith('%')) return this.draw() * 100 >= Number.parseFloat(this.position)
    if (this.tokens < 1) return false
    this.tokens -= 1
    return true
  }
}

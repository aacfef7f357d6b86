import {iso, systemClock} from '../lib/clock.ts'
import {ask} from './ask.ts'
import {PARAMETERS} from './parameters.ts'

export interface RouterStats {
  readonly mode: 'booting' | 'live' | 'crashed'
  readonly version: 'shipped' | 'patched'
  readonly crashes: number
  readonly boots: number
  readonly brokenAt: string | null
  readonly patchedAt: string | null
  /** Since when it has been live without a break; null while it is not. */
  readonly liveAt: string | null
}

/**
 * The routing tier without its server. It boots by reading all pages of the snapshot, one after the other. With the
 * unusual record in its data the shipped version crashes, boots, meets it again and crashes again, and each of its boots
 * costs the manager ten pages. The patched version knows the record.
 */
export class Router {
  #stats: RouterStats = {mode: 'booting', version: 'shipped', crashes: 0, boots: 0, brokenAt: null, patchedAt: null, liveAt: null}
  #hasRecord = false
  #snapshotUrl = ''
  #boot = new AbortController()
  readonly #stopped = new AbortController()

  get stats(): RouterStats {
    return this.#stats
  }

  boot(snapshotUrl: string): void {
    this.#snapshotUrl = snapshotUrl
    this.#start()
  }

  /** Puts the unusual record into its data. Twice is once. */
  break(): RouterStats {
    this.#hasRecord = true
    this.#set({brokenAt: this.#stats.brokenAt ?? iso(systemClock.now())})
    if (this.#stats.version === 'shipped' && this.#stats.mode === 'live') {
      this.#crashed()
      this.#start()
    }
    return this.#stats
  }

  /** Twice is once: a router that is live stays so. */
  patch(): RouterStats {
    if (this.#stats.version === 'shipped') {
      this.#set({version: 'patched', patchedAt: iso(systemClock.now())})
      if (this.#stats.mode !== 'live') this.#start()
    }
    return this.#stats
  }

  stop(): void {
    this.#stopped.abort()
  }

  /** Ends the boot that is going on, if any. */
  #start(): void {
    this.#boot.abort()
    this.#boot = new AbortController()
    // An abort ends a boot that another one replaces; nothing else can reject.
    this.#crashLoop(AbortSignal.any([this.#boot.signal, this.#stopped.signal])).catch(() => undefined)
  }

  async #crashLoop(signal: AbortSignal): Promise<void> {
    while (!(await this.#comesUp(signal))) {
      signal.throwIfAborted()
      this.#crashed()
      await systemClock.sleep(PARAMETERS.restartMs, signal)
    }
  }

  async #comesUp(signal: AbortSignal): Promise<boolean> {
    this.#set({mode: 'booting', boots: this.#stats.boots + 1, liveAt: null})
    for (let page = 0; page < PARAMETERS.pages; page += 1) {
      const got = await ask(`${this.#snapshotUrl}?page=${page}`, {timeoutMs: 5000, signal}).catch(() => null)
      if (got?.status !== 200) return false
    }
    if (signal.aborted || (this.#hasRecord && this.#stats.version === 'shipped')) return false
    this.#set({mode: 'live', liveAt: iso(systemClock.now())})
    return true
  }

  #crashed(): void {
    this.#set({mode: 'crashed', crashes: this.#stats.crashes + 1, liveAt: null})
  }

  #set(change: Partial<RouterStats>): void {
    this.#stats = {...this.#stats, ...change}
  }
}

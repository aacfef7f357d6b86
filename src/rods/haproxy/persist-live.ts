import type {CliAddress} from './cli-address.ts'
import {look} from './look.ts'
import {rewriteMapFile} from './map-file.ts'
import type {MapEntry} from './map-setting.ts'
import type {Setting} from './setting.ts'

/** Others may move the same key at the same time; somebody who does so four times in a row is a fight, not a race. */
const MOST_ROUNDS = 4

export interface Persisting {
  readonly address: CliAddress
  readonly setting: Setting
  readonly entry: MapEntry
  /** The value that HAProxy acknowledged. */
  readonly value: string
  /** The process that stood there before the move; unknown where it did not say. */
  readonly pid: string | undefined
  readonly signal: AbortSignal
}

/**
 * Brings the map file to what the running HAProxy has, after it acknowledged. File first, then a look: of two movers
 * each checks after its own write, so the last one to write leaves file and process equal, whatever the order was.
 * Answers with why that is not so, or null.
 */
export async function persistLive({address, setting, entry, value, pid, signal}: Persisting): Promise<string | null> {
  let wanted = value
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const reason = rewriteMapFile(entry, wanted)
    if (reason !== null) return reason
    const looked = await look(address, setting, signal)
    if (looked.pid === null) return null
    const live = setting.valueIn?.(looked.answer) ?? null
    if (live === null || live === wanted) return null
    // A new process read the file before we wrote it: what it has is not somebody's wish.
    if (pid !== undefined && looked.pid !== pid) return 'HAProxy was reloaded at the same moment and has the old value'
    wanted = live
  }
  return 'somebody else keeps moving it'
}

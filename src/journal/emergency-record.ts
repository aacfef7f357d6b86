import type {Recorded} from '../incident/events.ts'
import {canonicalJson} from '../lib/canonical.ts'
import {sha256Hex} from '../lib/sha256.ts'
import {GENESIS, type Unchained} from './chain.ts'

/**
 * A record outside every chain, one line of an emergency log: it has no `seq`, `prev` or `hash`, or two processes would
 * fork the chain; `doctor --recover` gives them. `home` says whose it is (null: nobody could tell), `sum` is its SHA-256,
 * so that a torn line is seen.
 */
export interface EmergencyRecord extends Unchained {
  readonly v: 1
  readonly home: string | null
  readonly sum: string
}

export function emergencyLine(event: Unchained, home: string | null): {readonly line: string; readonly record: EmergencyRecord} {
  const whole = {...event, v: 1, home}
  const sum = sha256Hex(canonicalJson(whole))
  const line = canonicalJson({...whole, sum})
  return {line, record: JSON.parse(line) as EmergencyRecord} // just written
}

/** Undefined for a line that is torn, altered or not ours. */
export function parseEmergencyLine(line: string): EmergencyRecord | undefined {
  try {
    const record = JSON.parse(line) as EmergencyRecord // the sum below tells whether it is
    const {sum, ...whole} = record
    return record.v === 1 && sha256Hex(canonicalJson(whole)) === sum ? record : undefined
  } catch {
    return undefined
  }
}

/** As the timeline shows it until it is imported: `seq` 0, in no chain, its sum for a hash. */
export function asRecorded({home: _, sum, ...event}: EmergencyRecord, origin: string): Recorded {
  return {...event, origin, epoch: 0, seq: 0, prev: GENESIS, hash: sum} as Recorded // kind and data as our own append took them
}

import type {Json} from '../../lib/canonical.ts'
import {sha256Hex} from '../../lib/sha256.ts'
import type {Reach} from '../rod.ts'

export interface GaugeReading {
  /** `undefined`: there is no usable answer. Never a guess, and never zero for want of a number. */
  readonly value: Json | undefined
  /** One printable line without secrets or bodies. */
  readonly evidence: string
}

/**
 * What a guard looks at: one value of the system the rod protects. Never rejects for the other side's sake (silence, a
 * login page and half an answer have no value) and ends within its timeout; a person's abort passes through.
 */
export interface Gauge {
  readonly name: string
  readonly reaches: readonly Reach[]
  read(signal: AbortSignal): Promise<GaugeReading>
}

/** A value as evidence. Text is somebody else's and may repeat the secret it was asked with: its digest is enough to compare. */
export function shownValue(value: Json): string {
  if (typeof value === 'string') return `text ${sha256Hex(value).slice(0, 8)}`
  return typeof value === 'object' && value !== null ? 'no single value' : String(value)
}

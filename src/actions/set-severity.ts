import type {Severity} from '../incident/words.ts'
import {defined} from '../lib/defined.ts'
import type {Desk, Done} from './desk.ts'
import {recordIntention, type Writing} from './record-intention.ts'

/** Sets the severity; the promise of the next update follows its cadence from then on. */
export async function setSeverity(
  desk: Desk,
  {severity, why, ...writing}: Writing & {readonly severity: Severity; readonly why?: string | undefined},
): Promise<Done> {
  return recordIntention(desk, {intend: 'severity', severity, ...defined({why})}, writing)
}

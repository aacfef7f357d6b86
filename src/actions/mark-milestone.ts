import type {Milestone} from '../incident/words.ts'
import {defined} from '../lib/defined.ts'
import type {Desk, Done} from './desk.ts'
import {recordIntention, type Writing} from './record-intention.ts'

/** Marks when something was reached (started, detected, mitigated …); marking again moves it, both stay in the record. */
export async function markMilestone(
  desk: Desk,
  {milestone, text, ...writing}: Writing & {readonly milestone: Milestone; readonly text?: string | undefined},
): Promise<Done> {
  return recordIntention(desk, {intend: 'mark', milestone, ...defined({text})}, writing, {want: 'look'})
}

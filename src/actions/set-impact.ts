import type {PublicImpact} from '../incident/words.ts'
import {defined} from '../lib/defined.ts'
import type {Desk, Done} from './desk.ts'
import {recordIntention, type Writing} from './record-intention.ts'

/** States the public impact; without it the page computes it from the components. */
export async function setImpact(
  desk: Desk,
  {impact, why, ...writing}: Writing & {readonly impact: PublicImpact; readonly why?: string | undefined},
): Promise<Done> {
  return recordIntention(desk, {intend: 'impact', impact, ...defined({why})}, writing)
}

import type {Head, Verified} from '../journal/journal.ts'
import {Fault} from '../lib/fault.ts'
import type {Desk} from './desk.ts'

/** Walks every stream of the record; heads noted elsewhere also show a cut-off tail and a rewrite. @throws Fault usage.invalid */
export async function checkTimeline(desk: Desk, heads: readonly string[] = []): Promise<Verified> {
  const known = heads.map(headOf)
  return (await desk.journal()).verify({heads: known})
}

/** `ORIGIN/EPOCH/SEQ/HASH`, as verify itself prints heads. */
export function headText({origin, epoch, seq, hash}: Head): string {
  return `${origin}/${epoch}/${seq}/${hash}`
}

function headOf(text: string): Head {
  const [, origin, epoch, seq, hash] = /^([0-9a-z][0-9a-z-]{0,63})\/(\d{1,15})\/(\d{1,15})\/([0-9a-f]{64})$/.exec(text.trim()) ?? []
  if (origin !== undefined && hash !== undefined) return {origin, epoch: Number(epoch), seq: Number(seq), hash}
  throw new Fault('usage.invalid', `"${text.slice(0, 60)}" is not a head: ORIGIN/EPOCH/SEQ/HASH`, {
    hints: ['scram timeline verify    # prints the heads of this record'],
  })
}

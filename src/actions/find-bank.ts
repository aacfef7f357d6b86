import {Fault} from '../lib/fault.ts'
import {nearest} from '../lib/nearest.ts'
import {shellQuote} from '../lib/text.ts'
import type {Desk, Workspace} from './desk.ts'

export type Bank = NonNullable<Workspace['banks']>[number]

/** @throws Fault rod.not-found: no such bank, with the nearest */
export async function bankOf(desk: Desk, id: string): Promise<Bank> {
  const {banks = [], folder} = await desk.workspace()
  const bank = banks.find(each => each.id === id)
  if (bank) return bank
  throw noBank(id, banks.map(each => each.id), folder) // biome-ignore format: one line
}

function noBank(id: string, known: readonly string[], folder: string | null): Fault {
  const near = nearest(id, known)
  const hint = near ?? known[0]
  const there = known.length > 0 ? `there are ${known.join(', ')}` : folder === null ? 'no scram.yaml was found here or above' : 'scram.yaml has no `banks:`'
  return new Fault('rod.not-found', `there is no bank ${JSON.stringify(id.slice(0, 60))}; ${there}`, {
    hints: hint === undefined ? ['scram rod list'] : [`scram trip ${shellQuote(hint)} --why TEXT`],
  })
}

import {parseDuration} from '../lib/durations.ts'
import {textOf} from '../lib/text-of.ts'
import type {JsonMap, Performed} from '../runbook/ports.ts'
import type {Desk} from './desk.ts'
import {extendRod} from './extend-rod.ts'
import {insertRod} from './insert-rod.ts'
import type {MovedRod, MoveSaid} from './move-rod.ts'
import {type TrippedRod, tripBank} from './trip-bank.ts'
import {verifyRod} from './verify-rod.ts'
import {type WithdrawnRod, withdrawRod} from './withdraw-rod.ts'

/** Carries out a step that moves a rod, asks about one, or trips a bank. Its `with:` was checked. @throws Fault as the action */
export async function performRod(desk: Desk, id: string, given: JsonMap, signal: AbortSignal): Promise<Performed> {
  const rod = textOf(given['rod'])
  const why = textOf(given['why'])
  const to = given['to'] as string | undefined
  switch (id) {
    case 'rod/insert': {
      const isBlind = given['blind'] === true
      const expires = given['expires'] === undefined ? undefined : parseDuration(textOf(given['expires']))
      const moved = await insertRod(desk, {rod, to, why, expires, blind: isBlind, ...said(given)}, signal)
      return isBlind && isSent(moved) ? goneInBlind(moved) : movedEnd(moved)
    }
    case 'rod/withdraw':
      return withdrawnEnd(
        await withdrawRod(desk, {rod, to, why, step: given['step'] === true, toPrevious: given['to_previous'] === true, ...said(given)}, signal),
      )
    case 'rod/verify':
      return movedEnd(await verifyRod(desk, rod, signal))
    case 'rod/extend':
      await extendRod(desk, {rod, expires: parseDuration(textOf(given['expires'])), why})
      return {end: 'finished', outputs: {}}
    case 'trip': {
      const {rods} = await tripBank(desk, {bank: textOf(given['bank']), why, yes: true}, signal)
      signal.throwIfAborted()
      return trippedEnd(rods)
    }
    default:
      throw new Error(`nothing carries out ${id}`)
  }
}

/** `override` and the like: lists and flags as the table checked them. */
function said(given: JsonMap): Pick<MoveSaid, 'overrides' | 'approvedBy' | 'only' | 'take'> {
  const list = (name: string) => given[name] as readonly string[] | undefined // a list of texts: the table checked it
  return {overrides: list('override'), approvedBy: list('approved_by'), only: list('only'), take: given['take'] === true}
}

/** A rod whose probe does not agree is not in: the step fails, whatever its control side said. */
function movedEnd({outcome: {kind, data}}: MovedRod): Performed {
  const evidence = data.effective?.evidence ?? data.reason ?? ''
  if (kind === 'rod.inserted' || kind === 'rod.withdrawn') {
    return {end: 'finished', outputs: {position: data.to, verified: true, ms: data.effective?.ms ?? 0}, evidence}
  }
  return {end: 'failed', code: kind, message: data.reason ?? "nothing on the users' path shows it", retryable: false}
}

/** Its guard held it: the rod is still in, and a person decides. */
function withdrawnEnd({held, ...rest}: WithdrawnRod): Performed {
  if (!held) return movedEnd(rest)
  return {end: 'failed', code: 'rod.held', message: `held at ${held.data.position}: ${held.data.reason}`, retryable: false}
}

/** Every target took the call, and none reads otherwise. */
function isSent({outcome: {kind, data}}: MovedRod): boolean {
  const isTaken = data.targets.length > 0 && data.targets.every(({acknowledged, error}) => acknowledged !== undefined && error === undefined)
  return (
    kind === 'rod.unverified' && isTaken && data.targets.every(({readBack}) => !readBack || readBack.position === data.to || readBack.position === 'unknown')
  )
}

/** `blind: true` says beforehand that no probe will be asked; the step is done, and says that nobody has seen it. */
function goneInBlind({outcome: {data}}: MovedRod): Performed {
  const read = data.targets.flatMap(({readBack}) => readBack?.evidence ?? [])
  return {end: 'finished', outputs: {position: data.to, verified: false, ms: 0}, evidence: ['not verified: blind', ...read].join('; ')}
}

/** Every rod of the bank is in, or the step has failed and names those that are not. Never stops at the first one. */
function trippedEnd(rods: readonly TrippedRod[]): Performed {
  const isIn = (tripped: TrippedRod) => tripped.end === 'moved' && tripped.moved.outcome.kind === 'rod.inserted'
  const others = rods.filter(tripped => !isIn(tripped))
  if (others.length === 0) return {end: 'finished', outputs: {inserted: rods.map(({rod}) => rod)}, evidence: `${rods.length} in`}
  const isStuck = others.some(tripped => tripped.end !== 'moved' || tripped.moved.outcome.kind === 'rod.jammed')
  return {end: 'failed', code: isStuck ? 'rod.jammed' : 'rod.unverified', message: others.map(wordsOf).join('; '), retryable: false}
}

function wordsOf(tripped: TrippedRod): string {
  if (tripped.end !== 'moved') return `${tripped.rod} ${tripped.end}: ${tripped.fault.message}`
  const {kind, data} = tripped.moved.outcome
  return `${tripped.rod} ${kind.replace('rod.', '')}${data.reason ? `: ${data.reason}` : ''}`
}

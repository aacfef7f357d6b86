import {maybeIn} from '../incident/board-state.ts'
import {boardProjection} from '../incident/projections.ts'
import {parseDuration} from '../lib/durations.ts'
import {Fault, isAbort} from '../lib/fault.ts'
import {textOf} from '../lib/text-of.ts'
import {parsePosition} from '../rods/position.ts'
import type {ActionCall, JsonMap, Performed, Verified} from '../runbook/ports.ts'
import type {Desk} from './desk.ts'
import {performRod} from './perform-rod.ts'
import {actionTable} from './table.ts'
import {verifyRod} from './verify-rod.ts'

/** Carries out a step that touches the world or only looks. Faults become outcomes; an abort and a bug pass through. */
export async function performAction(desk: Desk, {uses, with: given}: ActionCall, signal: AbortSignal): Promise<Performed> {
  try {
    return await carryOut(desk, actionTable.get(uses)?.id ?? uses, given, signal)
  } catch (error) {
    if (error instanceof Fault && error.code === 'interrupted') throw signal.reason ?? error
    if (!(error instanceof Fault) || isAbort(error)) throw error
    return {end: 'failed', code: error.code, message: error.message, retryable: RETRYABLE.has(error.code)}
  }
}

const RETRYABLE: ReadonlySet<string> = new Set(['net.unreachable', 'rod.unreachable', 'journal.busy'])

async function carryOut(desk: Desk, id: string, given: JsonMap, signal: AbortSignal): Promise<Performed> {
  switch (id) {
    case 'rod/insert':
    case 'rod/withdraw':
    case 'rod/verify':
    case 'rod/extend':
    case 'trip':
      return performRod(desk, id, given, signal)
    case 'rod/list': {
      const {rods} = await (await desk.journal()).fold(boardProjection)
      return {
        end: 'finished',
        outputs: {
          inserted: Object.values(rods)
            .filter(maybeIn)
            .map(state => state.rod),
        },
      }
    }
    case 'probe/http': {
      const {DEFAULT_TIMEOUT_MS, probeHttp} = await import('./probe-http.ts')
      return probeHttp(given, duration(given['timeout']) ?? DEFAULT_TIMEOUT_MS, signal)
    }
    case 'probe/command':
      return (await import('./probe-command.ts')).probeCommand(desk, given, duration(given['timeout']) ?? 30_000, signal)
    case 'page/build': {
      const {publishPage} = await import('./publish-page.ts')
      const published = await publishPage(desk)
      const failed = published.find(each => each.failed)?.failed
      if (failed) return {end: 'failed', code: failed.code, message: failed.reason, retryable: true}
      return {end: 'finished', outputs: {revision: published[0]?.revision ?? 0}}
    }
    case 'postmortem/draft': {
      const {draftPostmortem} = await import('./draft-postmortem.ts')
      const {path} = await draftPostmortem(desk, {out: given['out'] as string | undefined})
      return {end: 'finished', outputs: {path}, evidence: path}
    }
    default:
      throw new Error(`nothing carries out ${id}`)
  }
}

/** After an attempt whose end nobody saw: does the users' path show the position that was asked for? */
export async function verifyAction(desk: Desk, {uses, with: given}: ActionCall, signal: AbortSignal): Promise<Verified> {
  const id = actionTable.get(uses)?.id
  if (id !== 'rod/insert' && id !== 'rod/withdraw') return {holds: 'unknown'}
  try {
    const {rod, outcome} = await verifyRod(desk, textOf(given['rod']), signal)
    // As it was typed it is `25` or `none`; the record says `25/s` and `withdrawn`.
    const to = textOf(given['to'])
    const wanted = to !== '' ? parsePosition(to, rod.positions) : id === 'rod/insert' ? rod.fullyIn : 'withdrawn'
    const evidence = outcome.data.effective?.evidence ?? outcome.data.reason ?? ''
    const isThere = (outcome.kind === 'rod.inserted' || outcome.kind === 'rod.withdrawn') && outcome.data.to === wanted
    if (isThere) return {holds: true, outputs: {position: wanted, verified: true, ms: 0}, evidence}
    return outcome.kind === 'rod.unverified' ? {holds: 'unknown', evidence} : {holds: false, evidence}
  } catch (error) {
    if (error instanceof Fault && error.code !== 'interrupted') return {holds: 'unknown', evidence: error.message}
    throw error
  }
}

function duration(value: unknown): number | undefined {
  return typeof value === 'string' ? parseDuration(value) : undefined
}

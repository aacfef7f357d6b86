import {maybeIn, type RodState} from '../incident/board-state.ts'
import {Fault} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'
import type {Rod} from '../rods/rod.ts'

/**
 * What an undo restores: where each target was *seen* before the rod went in, not the inverse of the command. A server
 * that was in drain before must return to drain.
 * @throws Fault guard.refused: it is not in, or nobody knows where a target stood
 */
export function previousPositions({id}: Rod, state: RodState | undefined): ReadonlyMap<string, string> {
  const rod = shellQuote(id)
  if (!state || !maybeIn(state)) throw new Fault('guard.refused', `${id} is not in: there is nothing to take back`, {hints: [`scram rod show ${rod}`]})
  const unknown = state.from.filter(({position}) => position === 'unknown').map(({target}) => target || 'its control side')
  if (state.from.length === 0 || unknown.length > 0) {
    const which = unknown.length > 0 ? unknown.join(', ') : 'any target'
    throw new Fault('guard.refused', `where ${which} of ${id} stood before is unknown; say where it shall go`, {
      hints: [`scram out ${rod} --to POSITION`, `scram out ${rod}`],
    })
  }
  return new Map(state.from.map(({target, position}) => [target, position]))
}

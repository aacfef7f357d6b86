import type {Position} from '../incident/events.ts'
import {positionForm} from './position.ts'
import type {DriverContext} from './rod.ts'

/**
 * The two positions of a rod whose target is only on or off. A share or a rate would be rounded to one of them, unseen.
 * @throws Fault config.invalid
 */
export function twoPositions({positions, invalid}: Pick<DriverContext, 'positions' | 'invalid'>, what: string): readonly [out: Position, fullyIn: Position] {
  const [out, fullyIn] = positions
  if (positionForm(positions) === 'named' && positions.length === 2 && out !== undefined && fullyIn !== undefined) return [out, fullyIn]
  throw invalid([], `${what}: the rod must have two named positions, withdrawn and one more; it has ${positions.join(', ')}`)
}

import type {RodState} from './board-state.ts'
import type {Intent} from './events.ts'

export type Taken = NonNullable<Intent['taken']>

/**
 * Where a target reads otherwise than we recorded last: someone else moved it. What cannot be read, was never recorded,
 * or already reads as wanted, is nobody's move; and while an intent of ours is open nothing is recorded to compare with.
 * Nor is it anybody else's move that a call of ours, sent and never verified, arrived after all.
 */
export function movedByOthers(state: RodState | undefined, {to, from, only}: Pick<Intent, 'to' | 'from' | 'only'>): Taken {
  if (!state) return []
  const mayArriveLate = state.status === 'unverified' || state.status === 'partial'
  return from.flatMap(({target, position}) => {
    const recorded = Object.hasOwn(state.targets, target) ? state.targets[target] : undefined
    const arrived = mayArriveLate && position === state.want
    const isOurs = arrived || recorded === undefined || position === 'unknown' || position === recorded || position === to || (only && !only.includes(target))
    return isOurs ? [] : [{target, recorded, position}]
  })
}

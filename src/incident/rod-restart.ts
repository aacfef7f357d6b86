import type {RodState} from './board-state.ts'
import type {TargetReading} from './events.ts'
import {own} from './own.ts'

/** A target that answers as another process or server than the one recorded, though nobody here moved it. */
export interface Restart {
  readonly target: string
  readonly before: string
  readonly now: string
}

/** What never said who it is, or does not say it now, tells nothing. */
export function restartsIn({instances}: RodState, readings: readonly Pick<TargetReading, 'target' | 'instance'>[]): readonly Restart[] {
  return readings.flatMap(({target, instance}) => {
    const before = own(instances, target)
    return before === undefined || instance === undefined || instance === before ? [] : [{target, before, now: instance}]
  })
}

import type {RodState} from './board-state.ts'
import type {Position, TargetReading} from './events.ts'

/** The last position recorded of each target: what cannot be read is not known any more. */
export function recordedAt(before: RodState['targets'], readings: readonly TargetReading[]): Readonly<Record<string, Position>> {
  const after = new Map(Object.entries(before))
  for (const {target, position} of readings) {
    if (position === 'unknown') after.delete(target)
    else after.set(target, position)
  }
  return Object.fromEntries(after)
}

/** Which process or server answered for each target; one that does not say keeps what it said. */
export function instancesIn(before: RodState['instances'], readings: readonly Pick<TargetReading, 'target' | 'instance'>[]): RodState['instances'] {
  const said = readings.flatMap(({target, instance}) => (instance === undefined ? [] : [[target, instance] as const]))
  return said.length === 0 ? before : {...before, ...Object.fromEntries(said)}
}

import type {ComponentStatus} from '../incident/words.ts'
import {Fault} from '../lib/fault.ts'
import type {Desk} from './desk.ts'

/**
 * Refuses a component the workspace does not have. Without a workspace (or with one that lists none) any id is taken.
 * @throws Fault component.not-found, naming the nearest
 */
export async function knownComponents<T extends Readonly<Record<string, ComponentStatus>> | undefined>(desk: Desk, asked: T): Promise<T> {
  const ids = Object.keys(asked ?? {})
  if (ids.length === 0) return asked
  const {components, folder} = await desk.workspace()
  const known = new Set(components.map(({id}) => id))
  const unknown = known.size === 0 ? undefined : ids.find(id => !known.has(id))
  if (unknown !== undefined) {
    throw new Fault('component.not-found', `no component "${unknown}" in ${folder}/scram.yaml; it has ${[...known].join(', ')}`, {
      hints: ['scram doctor'],
    })
  }
  return asked
}

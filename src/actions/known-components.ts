import type {ComponentStatus} from '../incident/words.ts'
import {Fault} from '../lib/fault.ts'
import {PLAIN_ID, PLAIN_ID_WORDS} from '../lib/ids.ts'
import type {Desk} from './desk.ts'
import {workspaceNames} from './workspace-names.ts'

/** More than this nobody reads in an error; `scram doctor` names the file. */
const LISTED = 20

/**
 * Refuses a component the workspace does not have. Without a workspace (or with one that lists none, or is broken) any id is taken, but
 * only an id: what is typed here is a name on the public page.
 * @throws Fault component.not-found, naming those there are · usage.invalid: no id
 */
export async function knownComponents<T extends Readonly<Record<string, ComponentStatus>> | undefined>(desk: Desk, asked: T): Promise<T> {
  const ids = Object.keys(asked ?? {})
  if (ids.length === 0) return asked
  const {components, folder} = await workspaceNames(desk)
  const known = components.map(({id}) => id)
  const stranger = ids.find(id => (known.length > 0 ? !known.includes(id) : !PLAIN_ID.test(id)))
  if (stranger === undefined) return asked
  const shown = stranger.slice(0, 60)
  if (known.length === 0) throw new Fault('usage.invalid', `"${shown}" names no component: ${PLAIN_ID_WORDS}`, {hints: ['-c api=major_outage']})
  const more = known.length > LISTED ? `, and ${known.length - LISTED} more` : ''
  throw new Fault('component.not-found', `no component "${shown}" in ${folder}/scram.yaml; it has ${known.slice(0, LISTED).join(', ')}${more}`, {
    hints: ['scram doctor'],
  })
}

import type {ComponentStatus} from '../incident/words.ts'
import {Fault} from '../lib/fault.ts'
import {PLAIN_ID, PLAIN_ID_WORDS} from '../lib/ids.ts'
import {nearest} from '../lib/nearest.ts'
import {shellQuote} from '../lib/text.ts'
import type {Desk} from './desk.ts'
import {workspaceNames} from './workspace-names.ts'

/** More than this nobody reads in an error. */
const LISTED = 20
/** How many are named as what may have been meant. */
const NEAR = 3

/**
 * Refuses a component the workspace does not have. Without a workspace (or with one that lists none, or is broken) any id is taken, but
 * only an id: what is typed here is a name on the public page.
 * @throws Fault component.not-found, naming what was meant and those there are · usage.invalid: no id
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
  const near = nearTo(stranger, known)
  const meant = near.length > 0 ? `; did you mean ${near.join(' or ')}? It has` : '; it has'
  const more = known.length > LISTED ? `, and ${known.length - LISTED} more` : ''
  const file = `${folder}/scram.yaml`
  throw new Fault('component.not-found', `no component "${shown}" in ${file}${meant} ${known.slice(0, LISTED).join(', ')}${more}`, {
    // No command of ours lists them: they are what stands in the file.
    hints: [`sed -n '/^components:/,/^[a-z]/p' ${shellQuote(file)}`],
  })
}

/** Mistyped, or shortened: `db` for `database-db` is no slip of a finger. */
function nearTo(typed: string, known: readonly string[]): readonly string[] {
  const word = typed.toLowerCase()
  const slip = nearest(word, known)
  const parts = word.length < 2 ? [] : known.filter(id => id.includes(word) || (id.length > 1 && word.includes(id)))
  return [...new Set([...(slip === undefined ? [] : [slip]), ...parts])].slice(0, NEAR)
}

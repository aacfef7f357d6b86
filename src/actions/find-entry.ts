import type {Recorded} from '../incident/events.ts'
import {incidentProjection} from '../incident/projections.ts'
import type {Journal} from '../journal/journal.ts'
import {Fault} from '../lib/fault.ts'
import {shortEntry} from '../lib/ids.ts'

/**
 * The entry a person means: the number of an update (`3`), or part of an event id as the timeline shows it.
 * @throws Fault entry.not-found · usage.ambiguous
 */
export async function findEntry(journal: Journal, incident: string, reference: string): Promise<{entry: string; isUpdate: boolean}> {
  const wanted = reference.trim().toLowerCase()
  if (/^\d{1,4}$/.test(wanted)) {
    const {updates} = await journal.fold(incidentProjection(incident))
    const update = updates.find(({number}) => number === Number(wanted))
    if (update) return {entry: update.entry, isUpdate: true}
    throw new Fault(
      'entry.not-found',
      `there is no update ${wanted}; ${updates.length === 0 ? 'none was posted' : `updates 1 to ${updates.length} were posted`}`,
      {
        hints: ['scram timeline'],
      },
    )
  }
  const found = /^[0-9a-f-]{4,36}$/.test(wanted) ? (await journal.events({incident, idPart: wanted})).filter(event => !('opaque' in event)) : []
  const [only, another] = found
  if (another) {
    const hints = found.slice(0, 8).map(({id, kind}) => `${shortEntry(id)}  ${kind}`)
    throw new Fault('usage.ambiguous', `"${reference}" matches ${found.length} entries; type more of the id`, {hints})
  }
  if (!only)
    throw new Fault('entry.not-found', `no entry matches "${reference}"; entries are named by the last 8 digits shown in the timeline`, {
      hints: ['scram timeline'],
    })
  return {entry: only.id, isUpdate: (only as Recorded).kind === 'update.posted'}
}

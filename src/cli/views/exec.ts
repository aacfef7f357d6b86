import type {Done} from '../../actions/desk.ts'
import {shortId} from '../../lib/ids.ts'
import type {View} from '../view.ts'

/** The command's own output is the result; what scram recorded is said on stderr, or as JSON. */
export function execView({events, undelivered}: Done, exitCode: number): View {
  const [event] = events
  const incident = event?.incident ?? null
  return {
    text: [],
    json: {incident, recorded: event?.recorded ?? null, exitCode, data: event?.data ?? null},
    exit: 0,
    narration: [`${incident === null ? 'no incident' : shortId(incident)}  ${event?.recorded ?? ''}  recorded: exit ${exitCode}`, ...undelivered],
  }
}

import type {Done} from '../../actions/desk.ts'
import {shortId} from '../../lib/ids.ts'
import type {View} from '../view.ts'

/** The command's own output is the result; what scram recorded is said on stderr, or as JSON. */
export function execView({events, undelivered}: Done, argv: readonly string[], exitCode: number): View {
  const [event] = events
  const incident = event?.incident ?? null
  const [program = ''] = argv
  const notRun = exitCode === 127 ? [`scram: ${program}: not found`] : exitCode === 126 ? [`scram: ${program}: cannot be run`] : []
  return {
    text: [],
    json: {incident, recorded: event?.recorded ?? null, exitCode, data: event?.data ?? null},
    exit: 0,
    narration: [...notRun, `${incident === null ? 'no incident' : shortId(incident)}  ${event?.recorded ?? ''}  recorded: exit ${exitCode}`, ...undelivered],
  }
}

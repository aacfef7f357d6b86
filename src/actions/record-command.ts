import type {EventData} from '../incident/events.ts'
import type {Desk, Done} from './desk.ts'
import {recordIntention} from './record-intention.ts'

/** Records a command that ran, in the current incident or, with none open, in none. Redaction is the journal's. */
export async function recordCommand(desk: Desk, data: EventData['command.ran']): Promise<Done> {
  return recordIntention(desk, {intend: 'record-command', data}, {}, {want: 'maybe'})
}

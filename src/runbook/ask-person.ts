import type {Draft} from '../incident/events.ts'
import {isAbort} from '../lib/fault.ts'
import {type Drive, isInterrupted} from './drive.ts'
import type {Answer, Question} from './ports.ts'
import type {Step} from './runbook.ts'

type Asked = Pick<Question, 'of' | 'title' | 'text' | 'lines' | 'answers'> & Partial<Pick<Question, 'outputs' | 'evidence'>>

/**
 * Asks whoever sits at the terminal; everything that happened so far is durable before the question is shown.
 * `nobody`: there is no terminal. `interrupted`: Ctrl-C instead of an answer.
 */
export async function askPerson(drive: Drive, step: Step, asked: Asked): Promise<Answer | 'nobody' | 'interrupted'> {
  await drive.ledger.commit()
  if (!drive.ports.ask) return 'nobody'
  if (isInterrupted(drive)) return 'interrupted'
  try {
    return await drive.ports.ask({outputs: {}, evidence: 'optional', ...asked, step: step.instance}, drive.stop)
  } catch (error) {
    if (isAbort(error) || isInterrupted(drive)) return 'interrupted'
    throw error
  }
}

/** A person says that this step shall not be done. */
export async function skipByPerson({ledger}: Drive, step: Step, before: readonly Draft[], why: string | undefined): Promise<null> {
  const skipped: Draft = {kind: 'step.skipped', data: {run: ledger.state().run, step: step.instance, reason: 'operator', ...(why !== undefined && {why})}}
  await ledger.commit([...before, skipped], {event: 'step.skipped', step: step.instance, title: step.name, detail: 'operator'})
  return null
}

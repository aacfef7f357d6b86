import {askPerson, skipByPerson} from './ask-person.ts'
import type {Drive, Turn} from './drive.ts'
import type {Live} from './frames.ts'
import {attemptOf} from './identity.ts'
import {doneDrafts, flagsOf, type ManualSent, takeAnswer} from './manual-answer.ts'
import {interruptedAt, waitsFor} from './parking.ts'
import type {ManualStep} from './runbook.ts'
import type {StateOf} from './step-state.ts'

/** A person does it and says so; asked again until what was declared is there, or the person stops. */
export async function askManual(drive: Drive, step: Live<ManualStep>, {attempt, sent, title}: StateOf<'started'>): Promise<Turn> {
  const wanted = sent as unknown as ManualSent // recorded by `renderStep` in this shape
  let text = wanted.text
  for (;;) {
    const asked = {of: 'manual', title, text, lines: [], answers: ['done', 'skip', 'stop'], outputs: wanted.outputs, evidence: wanted.evidence} as const
    const answer = await askPerson(drive, step, asked)
    if (answer === 'interrupted') return interruptedAt(drive, step)
    if (answer === 'answered' || answer === 'late') return null
    if (answer === 'nobody' || answer.answer === 'stop') return waitsFor(drive, step, 'manual', `a person: ${wanted.text.split('\n')[0]}`, flagsOf(wanted))
    if (answer.answer === 'skip') return skipByPerson(drive, step, [], answer.why)
    const taken = takeAnswer(wanted, answer)
    if (taken.ok) {
      const drafts = doneDrafts(drive.ledger.state().run, attemptOf(step.instance, attempt), taken.outputs, {by: drive.by, ...answer})
      await drive.ledger.commit(drafts, {event: 'step.finished', step: step.instance, title})
      return null
    }
    text = `${wanted.text}\n${taken.problem}`
  }
}

import type {Draft} from '../incident/events.ts'
import {askPerson, skipByPerson} from './ask-person.ts'
import {carryOut} from './carry-out.ts'
import {type Drive, decision, evaluator, type Turn} from './drive.ts'
import {BAD_INPUT, failStep} from './fail-step.ts'
import {interruptedAt, waitsFor} from './parking.ts'
import {isBeforeEffect, type Rendered, renderStep} from './render-step.ts'
import type {Condition, Step} from './runbook.ts'

/**
 * From "it is this step's turn" to its first attempt: the conditions around it, the values, the question. Everything up
 * to the intent is free of effects, so what fails here fails before anything was touched.
 */
export async function beginStep(drive: Drive, step: Step): Promise<Turn> {
  const seen = drive.ledger.state().steps[step.instance]
  const attempt = (seen && 'attempt' in seen ? seen.attempt : 0) + 1
  const prelude: Draft[] = []
  let rendered: Rendered
  try {
    for (const condition of step.conditions) {
      const {holds, draft} = await judged(drive, condition)
      if (draft) prelude.push(draft)
      if (!holds) return skipByCondition(drive, step, prelude)
    }
    rendered = await renderStep(drive, step)
  } catch (error) {
    if (!isBeforeEffect(error)) throw error
    return failStep(drive, step, {attempt, code: BAD_INPUT, message: error.message, ms: 0, title: step.name}, prelude)
  }
  if (rendered.confirm === null) return carryOut(drive, step, {attempt, ...rendered}, prelude)
  return confirmed(drive, step, {attempt, ...rendered}, prelude)
}

/** Once recorded, an `if` is never evaluated again: the world may have changed, the branch may not. */
async function judged(drive: Drive, {at, source}: Condition): Promise<{readonly holds: boolean; readonly draft?: Draft}> {
  const known = drive.ledger.state().conditions
  if (Object.hasOwn(known, at)) return {holds: known[at] === true}
  const evaluate = await evaluator(drive, [source])
  const holds = evaluate(source) === true
  return {holds, draft: decision(drive, at, 'if', holds)}
}

function skipByCondition({ledger}: Drive, step: Step, prelude: readonly Draft[]): null {
  const skipped: Draft = {kind: 'step.skipped', data: {run: ledger.state().run, step: step.instance, reason: 'if'}}
  ledger.stage([...prelude, skipped], {event: 'step.skipped', step: step.instance, title: step.name, detail: 'if'})
  return null
}

async function confirmed(drive: Drive, step: Step, rendered: Rendered & {readonly attempt: number}, prelude: readonly Draft[]): Promise<Turn> {
  const {ledger, by, yes} = drive
  if (yes) return carryOut(drive, step, rendered, [...prelude, decision(drive, step.instance, 'confirm', 'yes', {by, why: '--yes'})])
  await ledger.commit(prelude)
  const {title, confirm, lines} = rendered
  const answer = await askPerson(drive, step, {of: 'confirm', title, text: confirm ?? '', lines, answers: ['yes', 'skip', 'stop']})
  if (answer === 'interrupted') return interruptedAt(drive, step)
  if (answer === 'nobody' || answer.answer === 'stop') return waitsFor(drive, step, 'confirm', `a yes to "${confirm}"`)
  const said = decision(drive, step.instance, 'confirm', answer.answer, {by, ...(answer.why !== undefined && {why: answer.why})})
  return answer.answer === 'yes' ? carryOut(drive, step, rendered, [said]) : skipByPerson(drive, step, [said], answer.why)
}

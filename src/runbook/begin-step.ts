import type {Draft} from '../incident/events.ts'
import {approved} from './approve-step.ts'
import {askPerson, skipByPerson} from './ask-person.ts'
import {type Attempt, carryOut} from './carry-out.ts'
import {type Drive, decision, evaluator, type Standing, type Turn} from './drive.ts'
import {BAD_INPUT, failStep} from './fail-step.ts'
import type {Live} from './frames.ts'
import {keyOf} from './identity.ts'
import {outlived} from './outlive.ts'
import {interruptedAt, waitsFor} from './parking.ts'
import {isBeforeEffect, type Rendered, renderStep} from './render-step.ts'
import {verifySent} from './verify-step.ts'

/**
 * From "it is this step's turn" to its first attempt: its condition, the values, the approval, the question. Everything
 * up to the intent is free of effects, so what fails here fails before anything was touched.
 */
export async function beginStep(drive: Drive, step: Live): Promise<Turn> {
  const {run, steps} = drive.ledger.state()
  const seen = steps[step.instance]
  const attempt = (seen?.attempt ?? 0) + 1
  const prelude: Draft[] = []
  let rendered: Rendered
  try {
    const {holds, draft} = await judged(drive, step, step.if)
    if (draft) prelude.push(draft)
    if (!holds) return skipByCondition(drive, step, prelude)
    rendered = await renderStep(drive, step)
  } catch (error) {
    if (!isBeforeEffect(error)) throw error
    return failStep(drive, step, {attempt, code: BAD_INPUT, message: error.message, ms: 0, title: step.name}, prelude)
  }
  const key = rendered.key ?? keyOf(run, step.instance, seen?.round)
  return askFirst(drive, step, {attempt, ...rendered, key}, prelude)
}

/** The next attempt, with what was sent the first time; rendered anew only when nothing ever was. */
export async function again(drive: Drive, step: Live): Promise<Turn> {
  const {run, steps} = drive.ledger.state()
  const seen = steps[step.instance]
  if (!seen || seen.sent === null) return beginStep(drive, step)
  const living = await outlived(drive, step, seen)
  if (living) return living
  const {attempt, sent, title, round, verify} = seen
  const key = round === 0 && seen.key !== null ? seen.key : keyOf(run, step.instance, round)
  // `carryOut` recorded `sent` as a map.
  const next: Attempt = {attempt: attempt + 1, sent: sent as Attempt['sent'], title, key, verify: verifySent(verify)}
  if (!seen.isRedone) return carryOut(drive, step, next)
  // It was taken back since somebody said yes to it.
  const confirm = step.confirm === null ? null : `Do it anew, after it was undone: ${title}?`
  return askFirst(drive, step, {...next, lines: [`sent: ${JSON.stringify(sent)}`], confirm}, [])
}

/** Once recorded, an `if` is never evaluated again: the world may have changed, the branch may not. */
export async function judged(drive: Drive, {instance, frame}: Standing, source: string | null): Promise<{readonly holds: boolean; readonly draft?: Draft}> {
  if (source === null) return {holds: true}
  const known = drive.ledger.state().conditions
  if (Object.hasOwn(known, instance)) return {holds: known[instance] === true}
  const evaluate = await evaluator(drive, frame, [source])
  const holds = evaluate(source) === true
  return {holds, draft: decision(drive, instance, 'if', holds)}
}

export function skipByCondition({ledger}: Drive, step: Standing, prelude: readonly Draft[]): null {
  const skipped: Draft = {kind: 'step.skipped', data: {run: ledger.state().run, step: step.instance, reason: 'if'}}
  ledger.stage([...prelude, skipped], {event: 'step.skipped', step: step.instance, title: step.name, detail: 'if'})
  return null
}

async function askFirst(drive: Drive, step: Live, rendered: Rendered & Attempt, prelude: Draft[]): Promise<Turn> {
  const {ledger, by, yes} = drive
  if (step.approve) {
    await ledger.commit(prelude.splice(0))
    const answer = await approved(drive, step, step.approve, rendered)
    if (answer !== 'approved') return answer === 'again' ? null : answer
  }
  const question = rendered.confirm ?? (drive.stepwise ? `${rendered.title}?` : null)
  if (question === null) return carryOut(drive, step, rendered, prelude)
  if (yes && step.mustAsk !== true && !drive.stepwise) {
    return carryOut(drive, step, rendered, [...prelude, decision(drive, step.instance, 'confirm', 'yes', {by, why: '--yes'})])
  }
  await ledger.commit(prelude)
  const {title, lines} = rendered
  const answer = await askPerson(drive, step, {of: 'confirm', title, text: question, lines, answers: ['yes', 'skip', 'stop']})
  if (answer === 'interrupted') return interruptedAt(drive, step)
  if (answer === 'answered' || answer === 'late') return null
  if (answer === 'nobody' || answer.answer === 'stop') return waitsFor(drive, step, 'confirm', `a yes to "${question}"`)
  const said = decision(drive, step.instance, 'confirm', answer.answer, {by, ...(answer.why !== undefined && {why: answer.why})})
  return answer.answer === 'yes' ? carryOut(drive, step, rendered, [said]) : skipByPerson(drive, step, [said], answer.why)
}

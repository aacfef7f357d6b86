import type {Draft} from '../incident/events.ts'
import {isAbort} from '../lib/fault.ts'
import {type Drive, isInterrupted, type Standing} from './drive.ts'
import type {RunState} from './fold.ts'
import type {Answer, Question} from './ports.ts'

type Asked = Pick<Question, 'of' | 'title' | 'text' | 'lines' | 'answers'> & Partial<Pick<Question, 'outputs' | 'evidence'>>

/**
 * `nobody`: there is no terminal. `interrupted`: Ctrl-C instead of an answer. `answered`: somebody answered from
 * elsewhere, look at the state again. `late`: the question's own time is over.
 */
type NoAnswer = 'nobody' | 'interrupted' | 'answered' | 'late'

/** Asks whoever sits at the terminal; everything that happened so far is durable before the question is shown. */
export async function askPerson(drive: Drive, step: Standing, asked: Asked, untilMs?: number): Promise<Answer | NoAnswer> {
  const {ledger, ports, stop} = drive
  await ledger.commit()
  const {ask, clock} = ports
  if (!ask || drive.isBranch) return 'nobody'
  if (isInterrupted(drive)) return 'interrupted'
  const over = new AbortController()
  const cut = () => over.abort(stop.reason)
  stop.addEventListener('abort', cut, {once: true})
  try {
    const question: Question = {outputs: {}, evidence: 'optional', ...asked, step: step.instance}
    const ways: Promise<Answer | NoAnswer>[] = [ask(question, over.signal), elsewhere(drive, step.instance, over.signal)]
    if (untilMs !== undefined) ways.push(clock.sleep(Math.max(untilMs - clock.now(), 0), over.signal).then(() => 'late' as const))
    for (const way of ways) way.catch(() => undefined) // the ones that lose end by the abort below
    return await Promise.race(ways)
  } catch (error) {
    if (isAbort(error) || isInterrupted(drive)) return 'interrupted'
    throw error
  } finally {
    stop.removeEventListener('abort', cut)
    over.abort()
  }
}

/** Resolves once another terminal changed what this question is about. */
async function elsewhere({ledger, ports}: Drive, instance: string, signal: AbortSignal): Promise<'answered'> {
  const before = about(ledger.state(), instance)
  for (;;) {
    // Listened first, then looked: an answer that came while the question was being put would else wait for the next event.
    const change = ports.changed(signal)
    change.catch(() => undefined) // ends by the same abort when the look found it
    await ledger.refresh()
    if (about(ledger.state(), instance) !== before) return 'answered'
    await change
  }
}

function about({steps, approvals, ended}: RunState, instance: string): string {
  const seen = steps[instance]
  return JSON.stringify([seen?.status, seen?.attempt, seen?.failures, approvals[instance]?.length ?? 0, ended !== null])
}

/** A person says that this step shall not be done. */
export async function skipByPerson({ledger}: Drive, step: Standing, before: readonly Draft[], why: string | undefined): Promise<null> {
  const skipped: Draft = {kind: 'step.skipped', data: {run: ledger.state().run, step: step.instance, reason: 'operator', ...(why !== undefined && {why})}}
  await ledger.commit([...before, skipped], {event: 'step.skipped', step: step.instance, title: step.name, detail: 'operator'})
  return null
}

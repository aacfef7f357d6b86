import type {Draft} from '../incident/events.ts'
import {type Clock, iso} from '../lib/clock.ts'
import {isAbort} from '../lib/fault.ts'
import {type Drive, isInterrupted, type Standing} from './drive.ts'
import type {RunState} from './fold.ts'
import type {Answer, Question} from './ports.ts'
import {LONGEST_NAP_MS} from './wait-step.ts'

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
  const before = about(ledger.state(), step.instance)
  const over = new AbortController()
  const cut = () => over.abort(stop.reason)
  stop.addEventListener('abort', cut, {once: true})
  try {
    const question: Question = {outputs: {}, evidence: 'optional', ...asked, step: step.instance}
    const ways: Promise<Answer | NoAnswer>[] = [ask(question, over.signal), elsewhere(drive, step.instance, before, over.signal)]
    if (untilMs !== undefined) ways.push(late(clock, untilMs, over.signal))
    for (const way of ways) way.catch(() => undefined) // the ones that lose end by the abort below
    const answer = await Promise.race(ways)
    if (answer === 'answered') tellOfAnswer(drive, step, asked.title)
    if (typeof answer === 'string') return answer
    // Typed here while another terminal was a moment quicker: the first answer counts.
    await ledger.refresh()
    if (about(ledger.state(), step.instance) === before) return answer
    tellOfAnswer(drive, step, asked.title)
    return 'answered'
  } catch (error) {
    if (isAbort(error) || isInterrupted(drive)) return 'interrupted'
    throw error
  } finally {
    stop.removeEventListener('abort', cut)
    over.abort()
  }
}

/** Resolves once another terminal changed what this question is about. */
async function elsewhere({ledger, ports}: Drive, instance: string, before: string, signal: AbortSignal): Promise<'answered'> {
  for (;;) {
    // Listened first, then looked: an answer that came while the question was being put would else wait for the next event.
    const change = ports.changed(signal)
    change.catch(() => undefined) // ends by the same abort when the look found it
    await ledger.refresh()
    if (about(ledger.state(), instance) !== before) return 'answered'
    await change
  }
}

/** The question goes without a key pressed here: say why, and how the step ended, which only the other terminal recorded. */
function tellOfAnswer({ledger, ports}: Drive, {instance}: Standing, title: string): void {
  const {run, steps} = ledger.state()
  const status = steps[instance]?.status
  if (status !== 'finished' && status !== 'skipped') return
  ports.tell({event: `step.${status}`, at: iso(ports.clock.now()), run, step: instance, title, detail: 'answered at another terminal'})
}

/** By the wall clock: a suspended machine stops its timers. */
async function late(clock: Clock, untilMs: number, signal: AbortSignal): Promise<'late'> {
  for (let left = untilMs - clock.now(); left > 0; left = untilMs - clock.now()) await clock.sleep(Math.min(left, LONGEST_NAP_MS), signal)
  return 'late'
}

/** Read anew: does the record still say what the driver last saw of this step? Else somebody answered meanwhile. */
export async function isUnchanged({ledger}: Drive, instance: string): Promise<boolean> {
  const before = about(ledger.state(), instance)
  await ledger.refresh()
  return about(ledger.state(), instance) === before
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

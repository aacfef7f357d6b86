import {boardProjection} from '../incident/projections.ts'
import {REMIND_MS} from '../incident/promise.ts'
import {clockOf} from '../incident/timers-on-board.ts'
import {formatDuration} from '../lib/durations.ts'
import {Fault, isAbort} from '../lib/fault.ts'
import type {Ask, Desk} from './desk.ts'
import {postUpdate} from './post-update.ts'

/**
 * Asks the person who drives a run for the promised update: five minutes before its time, and at its time; between two
 * steps or inside a wait, never into a running step. One question for a gap, however long it was. Enter alone posts
 * nothing, and the reminders go on; Ctrl-C (false) parks the run, as it does in every question.
 */
export function promptPromise(desk: Desk, incident: string, ask: Ask, signal: AbortSignal): () => Promise<boolean> {
  let asked = ''
  const look = async () => {
    const board = await (await desk.journal()).fold(boardProjection)
    const entry = board.open[incident]
    if (!entry?.promise) return true
    const left = Date.parse(entry.promise.by) - desk.clock.now()
    const stage = left <= 0 ? 'due' : left <= REMIND_MS ? 'soon' : null
    const mark = `${entry.promise.update} ${entry.promise.by} ${stage}`
    if (stage === null || mark === asked) return true
    asked = mark
    const {policy} = clockOf(board, incident)
    const draft = policy?.mode === 'draft' ? policy.fallback : undefined
    const when = left > 0 ? `due in ${formatDuration(left)}` : `${formatDuration(-left)} overdue`
    desk.narrate(`! an update was promised by ${entry.promise.by}, ${when}`)
    const text = await textOf(ask, draft, signal)
    if (text !== null) await post(desk, text, policy?.everyMs)
    return text !== null
  }
  return async () => {
    try {
      return await look()
    } catch (error) {
      // The run itself says what is wrong with its record; the clock beside it does not end it.
      if (!(error instanceof Fault)) throw error
      desk.narrate(`! the promised update is not out: ${error.message}`)
      return true
    }
  }
}

/** A draft is shown, and posted only when somebody says so: it was written before anything was known. Null: Ctrl-C. */
async function textOf(ask: Ask, draft: string | undefined, signal: AbortSignal): Promise<string | null> {
  try {
    const typed = (await ask.text('text of the update (Enter alone: not now):', signal)).trim()
    if (typed !== '' || draft === undefined) return typed
    return (await ask.confirm(`post the runbook's draft instead: ${draft}`, signal)) ? draft : ''
  } catch (error) {
    if (isAbort(error) || signal.aborted) return null
    throw error
  }
}

async function post(desk: Desk, text: string, next: number | undefined): Promise<void> {
  if (text === '') return
  const done = await postUpdate(desk, {text, ...(next !== undefined && {next})})
  for (const line of done.undelivered) desk.narrate(`! ${line}`)
}

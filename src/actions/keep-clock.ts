import {isAbort} from '../lib/fault.ts'
import type {Desk} from './desk.ts'
import {type FiredDue, fireDue} from './fire-due.ts'

export interface KeepClock {
  readonly fillsSilence: boolean
  tell(fired: FiredDue): void
}

/** A suspended machine stops its timers: a look at the wall clock this often finds what it slept through, a few seconds late. */
const EVERY_MS = 5000
const MOST = 50

/**
 * Fires what is due until `signal` ends it: for processes that stay, a run and `watch`. What goes on failing is told once.
 * @throws the reason of `signal`; what is no Fault
 */
export async function keepClock(desk: Desk, {fillsSilence, tell}: KeepClock, signal: AbortSignal): Promise<void> {
  let told = ''
  for (;;) {
    signal.throwIfAborted()
    const {events, problems} = await fireDue(desk, {fillsSilence, most: MOST}, signal)
    const all = problems.join('\n')
    if (events.length > 0 || (all !== told && all !== '')) tell({events, problems: all === told ? [] : problems})
    told = all
    await desk.clock.sleep(EVERY_MS, signal)
  }
}

/**
 * The clock beside a run: what is due is done while the run works, and nothing that fails there disturbs it. Ends with
 * `signal`, and never rejects.
 */
export async function keepClockBeside(desk: Desk, tell: (line: string) => void, signal: AbortSignal): Promise<void> {
  const {describeEvent} = await import('../incident/describe.ts')
  const news = ({events, problems}: FiredDue) => {
    for (const line of [...events.map(describeEvent), ...problems]) tell(line)
  }
  try {
    // Where nobody is asked, nobody is there to write the update either.
    await keepClock(desk, {fillsSilence: desk.ask === null, tell: news}, signal)
  } catch (error) {
    if (!isAbort(error)) tell(`nothing that is due is done by this run any more: ${error instanceof Error ? error.message : String(error)}`)
  }
}

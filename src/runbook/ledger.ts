import type {Draft} from '../incident/events.ts'
import {iso} from '../lib/clock.ts'
import {evolveRun, type RunState} from './fold.ts'
import type {ActionCall, JsonMap, RecordedStep, RunNews, RunPorts} from './ports.ts'

export type News = Omit<RunNews, 'at' | 'run'>

/**
 * The record of one run as its driver sees it. An outcome may be *staged*: it is then appended in one transaction with
 * the next intent (half the disk syncs of a run), and told only once it is durable. Whatever may take a while or stop
 * the run commits first. An append that fails ends the run: nothing more is done from here.
 */
export interface Ledger {
  state(): RunState
  stage(drafts: readonly Draft[], news: News): void
  /** Appends what is staged and these, in order, as one transaction. */
  commit(drafts?: readonly Draft[], ...news: readonly News[]): Promise<void>
  /** The one transaction of a `record` step: staged, `before`, the action's events, `after`. */
  record(call: ActionCall, before: readonly Draft[], after: (outputs: JsonMap) => readonly Draft[], ...news: readonly News[]): Promise<RecordedStep>
}

export function openLedger({clock, append, record, tell}: Pick<RunPorts, 'clock' | 'append' | 'record' | 'tell'>, initial: RunState): Ledger {
  let state = initial
  let staged: readonly Draft[] = []
  let untold: readonly News[] = []

  function absorb(drafts: readonly Draft[]): void {
    for (const draft of drafts) state = evolveRun(state, {...draft, at: draft.at ?? iso(clock.now())})
  }

  function durable(news: readonly News[]): void {
    const told = [...untold, ...news]
    staged = []
    untold = []
    for (const one of told) tell({...one, at: iso(clock.now()), run: state.run})
  }

  return {
    state: () => state,
    stage(drafts, news) {
      // The time it happened, not the time of the append it waits for.
      const timed = drafts.map(draft => ({...draft, at: iso(clock.now())}))
      absorb(timed)
      staged = [...staged, ...timed]
      untold = [...untold, news]
    },
    async commit(drafts = [], ...news) {
      if (staged.length + drafts.length > 0) await append([...staged, ...drafts])
      absorb(drafts)
      durable(news)
    },
    async record(call, before, after, ...news) {
      const result = await record(call, {before: [...staged, ...before], after})
      if (result.end !== 'recorded') return result
      absorb(result.events.slice(staged.length))
      durable(news)
      return result
    },
  }
}

import type {Draft} from '../incident/events.ts'
import {iso} from '../lib/clock.ts'
import {evolveRun, foldRun, type RunState} from './fold.ts'
import type {ActionCall, JsonMap, RecordedStep, RunNews, RunPorts} from './ports.ts'

export type News = Omit<RunNews, 'at' | 'run'>

/**
 * The record of one run as its driver sees it. An outcome may be *staged*: it is then appended in one transaction with
 * the next intent (half the disk syncs of a run), and told only once it is durable. Whatever may take a while or stop
 * the run commits first. Branches of a `parallel` append one after another. An append that fails ends the run: nothing
 * more is done from here.
 */
export interface Ledger {
  state(): RunState
  stage(drafts: readonly Draft[], news: News): void
  /** Appends what is staged and these, in order, as one transaction. */
  commit(drafts?: readonly Draft[], ...news: readonly News[]): Promise<void>
  /** The one transaction of a `record` step: staged, `before`, the action's events, `after`. */
  record(call: ActionCall, before: readonly Draft[], after: (outputs: JsonMap) => readonly Draft[], ...news: readonly News[]): Promise<RecordedStep>
  /** Reads the run anew: somebody else may have answered. */
  refresh(): Promise<void>
}

type LedgerPorts = Pick<RunPorts, 'clock' | 'append' | 'record' | 'events' | 'tell'>

export function openLedger({clock, append, record, events, tell}: LedgerPorts, initial: RunState): Ledger {
  let state = initial
  let staged: readonly Draft[] = []
  let untold: readonly News[] = []
  let before: Promise<unknown> = Promise.resolve()
  let broken: {readonly error: unknown} | null = null

  /** One at a time, in the order asked for; a failure is the asker's own. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = before.then(work)
    before = result.catch(() => undefined)
    return result
  }

  /** Nothing more is recorded, and so nothing more begun, once one append failed: also not by a branch that did not see it. */
  function inTurnUnlessBroken<T>(work: () => Promise<T>): Promise<T> {
    return inTurn(async () => {
      if (broken) throw broken.error
      try {
        return await work()
      } catch (error) {
        broken = {error}
        throw error
      }
    })
  }

  function absorb(drafts: readonly Draft[]): void {
    for (const draft of drafts) state = evolveRun(state, {...draft, at: draft.at ?? iso(clock.now())})
  }

  function durable(news: readonly News[]): void {
    for (const one of news) tell({...one, at: iso(clock.now()), run: state.run})
  }

  function takeStaged(): {readonly drafts: readonly Draft[]; readonly news: readonly News[]} {
    const taken = {drafts: staged, news: untold}
    staged = []
    untold = []
    return taken
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
    commit: async (drafts = [], ...news) =>
      inTurnUnlessBroken(async () => {
        const waiting = takeStaged()
        if (waiting.drafts.length + drafts.length > 0) await append([...waiting.drafts, ...drafts])
        absorb(drafts)
        durable([...waiting.news, ...news])
      }),
    record: async (call, frameBefore, after, ...news) =>
      inTurnUnlessBroken(async () => {
        const waiting = takeStaged()
        const result = await record(call, {before: [...waiting.drafts, ...frameBefore], after})
        if (result.end !== 'recorded') {
          staged = [...waiting.drafts, ...staged]
          untold = [...waiting.news, ...untold]
          return result
        }
        absorb(result.events.slice(waiting.drafts.length))
        durable([...waiting.news, ...news])
        return result
      }),
    refresh: async () =>
      inTurn(async () => {
        state = foldRun(state.run, await events()) ?? state
        absorb(staged)
      }),
  }
}

import type {Answered} from '../actions/answer-run.ts'
import type {RunRunbook, Signals} from '../actions/run-runbook.ts'
import {Fault} from '../lib/fault.ts'
import {shellQuote} from '../lib/text.ts'
import type {RunResult} from '../runbook/engine.ts'
import {flags, ScramCommand} from './command.ts'
import {runNews, runSignals} from './drive-run.ts'
import {answeredView, runView} from './views/run.ts'

/** How a run ends, whichever command drives it. */
export const RUN_EXITS = {
  0: 'done',
  1: 'a step failed',
  3: 'done, not everything got out',
  4: 'parked: waits for a person',
  64: 'an input is missing',
  65: 'the runbook does not check',
  66: 'no such run',
  73: 'the record cannot be written, and nobody said to go on',
  75: 'another process drives it',
  77: 'the step does not wait for this, or another driver took the run over',
  130: 'interrupted, parked',
} as const

export const runFlag = () => flags.string({helpValue: 'RUN', complete: 'run', summary: 'which run [default: the only one that waits]'})
export const whyFlag = () => flags.string({helpValue: 'TEXT', summary: 'reason, kept in the record'})
export const yesLaterFlag = () => flags.boolean({summary: 'answer later confirmations with yes'})

/** Commands that drive a run, or answer for one of its steps and then drive it. */
export abstract class RunCommand extends ScramCommand {
  /** The reason, asked for on a terminal where none is given. `typed`: the command without it. @throws Fault usage.missing */
  protected async neededWhy(
    given: string | undefined,
    {question, typed}: {readonly question: string; readonly typed: readonly string[]},
    signal: AbortSignal,
  ): Promise<string> {
    const why = given ?? (await this.desk.ask?.text(question, signal)) ?? ''
    if (why.trim() !== '') return why
    throw new Fault('usage.missing', 'missing --why: what is left out leaves a gap, and the record says why', {
      hints: [`scram ${typed.map(shellQuote).join(' ')} --why TEXT`],
    })
  }

  protected async drive(work: (tell: RunRunbook['tell'], signals: Signals) => Promise<RunResult | Answered>): Promise<object> {
    const news = runNews(this.desk, this.json)
    const result = await work(news.tell, runSignals()).finally(news.stop)
    return this.show('driver' in result ? answeredView(result) : runView(result))
  }
}

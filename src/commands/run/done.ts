import {answerRun} from '../../actions/answer-run.ts'
import {arg, flags, keyValue, ScramCommand} from '../../cli/command.ts'
import {runNews, runSignals} from '../../cli/drive-run.ts'
import {runView} from '../../cli/views/run.ts'

export default class RunDone extends ScramCommand {
  static override summary = 'say that a waiting step was done, and go on'
  static override aliases = ['done']
  static override examples = [{description: 'Answer the step a run waits for', command: '<%= config.bin %> done fault --output cause="poison record"'}]
  static override args = {step: arg({description: 'any unique part of the step [default: the one that waits]'})}
  static override flags = {
    run: flags.string({helpValue: 'RUN', complete: 'run', summary: 'which run [default: the only one that waits]'}),
    output: flags.string({multiple: true, helpValue: 'KEY=VALUE', summary: 'an output the step asks for'}),
    message: flags.string({char: 'm', helpValue: 'TEXT', summary: 'evidence: what shows it'}),
    why: flags.string({helpValue: 'TEXT', summary: 'reason, kept in the record'}),
    yes: flags.boolean({summary: 'answer later confirmations with yes'}),
  }
  static override exits = {
    0: 'done',
    1: 'a step failed',
    3: 'done, not everything got out',
    4: 'parked: waits for a person',
    64: 'an input is missing',
    65: 'the runbook does not check',
    66: 'no such run',
    75: 'another process drives it',
    130: 'interrupted, parked',
  }

  async run(): Promise<object> {
    const {args, flags} = await this.parse(RunDone)
    const outputs = flags.output && Object.fromEntries(flags.output.map(text => keyValue('output', text)))
    const news = runNews(this.json)
    const answer = {verb: 'done', step: args.step, run: flags.run, why: flags.why, outputs, evidence: flags.message} as const
    return this.show(runView(await answerRun(this.desk, answer, {yes: flags.yes, tell: news.tell}, runSignals()).finally(news.stop)))
  }
}

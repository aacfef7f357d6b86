import {resumeRun} from '../../actions/run-runbook.ts'
import {arg, flags, ScramCommand} from '../../cli/command.ts'
import {runNews, runSignals} from '../../cli/drive-run.ts'
import {runView} from '../../cli/views/run.ts'

export default class RunResume extends ScramCommand {
  static override summary = 'go on with a parked or interrupted run'
  static override aliases = ['resume']
  static override examples = [{description: 'The only one that waits', command: '<%= config.bin %> resume'}]
  static override args = {run: arg({description: 'any unique part of its id [default: the only one that waits]', complete: 'run'})}
  static override flags = {yes: flags.boolean({summary: 'answer confirmations with yes, and nothing else'})}
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
    const {args, flags} = await this.parse(RunResume)
    const news = runNews(this.json)
    return this.show(runView(await resumeRun(this.desk, args.run, {yes: flags.yes, tell: news.tell}, runSignals()).finally(news.stop)))
  }
}

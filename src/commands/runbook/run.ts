import {runRunbook} from '../../actions/run-runbook.ts'
import {arg, flags, keyValue, ScramCommand} from '../../cli/command.ts'
import {runNews, runSignals} from '../../cli/drive-run.ts'
import {runView} from '../../cli/views/run.ts'

export default class RunbookRun extends ScramCommand {
  static override summary = 'run a runbook: each step recorded before and after'
  static override description = 'Killed or interrupted at any point, it goes on with scram resume and does no finished step twice.'
  static override aliases = ['run']
  static override examples = [
    {description: 'With a person at the terminal', command: '<%= config.bin %> run routing-outage --input release=r-1192'},
    {description: 'Confirmations answered beforehand', command: '<%= config.bin %> run api-maintenance --yes'},
  ]
  static override args = {runbook: arg({required: true, description: 'id of the runbook, as in `scram runbook list`', complete: 'runbook'})}
  static override flags = {
    input: flags.string({multiple: true, helpValue: 'KEY=VALUE', summary: 'an input of the runbook, may be repeated'}),
    yes: flags.boolean({summary: 'answer confirmations with yes, and nothing else'}),
  }
  static override exits = {
    0: 'done',
    1: 'a step failed',
    3: 'done, not everything got out',
    4: 'parked: waits for a person',
    64: 'an input is missing',
    65: 'the runbook does not check',
    66: 'no such runbook',
    75: 'another process drives it',
    130: 'interrupted, parked',
  }

  async run(): Promise<object> {
    const {args, flags} = await this.parse(RunbookRun)
    const inputs = Object.fromEntries((flags.input ?? []).map(text => keyValue('input', text)))
    const news = runNews(this.json)
    return this.show(runView(await runRunbook(this.desk, {runbook: args.runbook, inputs, yes: flags.yes, tell: news.tell}, runSignals()).finally(news.stop)))
  }
}

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
    {description: 'What would it do now?', command: '<%= config.bin %> run api-maintenance --check'},
    {description: 'Confirmations answered beforehand', command: '<%= config.bin %> run api-maintenance --yes'},
  ]
  static override args = {runbook: arg({required: true, description: 'id of the runbook, as in `scram runbook list`', complete: 'runbook'})}
  static override flags = {
    input: flags.string({multiple: true, helpValue: 'KEY=VALUE', summary: 'an input of the runbook, may be repeated'}),
    check: flags.boolean({exclusive: ['plan', 'yes'], summary: 'show what a run would do now; records and sends nothing'}),
    plan: flags.string({helpValue: 'HASH', summary: 'refuse when it would not do what --check showed under HASH'}),
    yes: flags.boolean({summary: 'answer confirmations with yes, and nothing else'}),
  }
  static override exits = {
    0: 'done',
    1: 'a step failed, or would',
    3: 'done, not everything got out',
    4: 'parked: waits for a person',
    64: 'an input is missing',
    65: 'the runbook does not check',
    66: 'no such runbook or plan',
    75: 'another process drives it',
    77: 'it would not do what was planned',
    130: 'interrupted, parked',
  }

  async run(): Promise<object> {
    const {args, flags} = await this.parse(RunbookRun)
    const inputs = Object.fromEntries((flags.input ?? []).map(text => keyValue('input', text)))
    if (flags.check) return this.check(args.runbook, inputs)
    const news = runNews(this.json)
    return this.show(
      runView(await runRunbook(this.desk, {runbook: args.runbook, inputs, yes: flags.yes, plan: flags.plan, tell: news.tell}, runSignals()).finally(news.stop)),
    )
  }

  /** Loaded when it is asked for: a run needs none of it. */
  private async check(runbook: string, inputs: Readonly<Record<string, string>>): Promise<object> {
    const [{checkRunbook}, {checkView}] = await Promise.all([import('../../actions/check-runbook.ts'), import('../../cli/views/check.ts')])
    return this.show(checkView(await checkRunbook(this.desk, {runbook, inputs}, this.signal)))
  }
}

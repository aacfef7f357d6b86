import {arg, flags, keyValue, pairsToRecord} from '../../cli/command.ts'
import {RUN_EXITS, RunCommand} from '../../cli/run-command.ts'

export default class RunbookRun extends RunCommand {
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
    check: flags.boolean({exclusive: ['plan', 'yes', 'from', 'step'], summary: 'show what a run would do now; records and sends nothing'}),
    plan: flags.string({helpValue: 'HASH', summary: 'refuse when it would not do what --check showed under HASH'}),
    yes: flags.boolean({summary: 'answer confirmations with yes, and nothing else'}),
    step: flags.boolean({summary: 'ask before each step'}),
    from: flags.string({helpValue: 'STEP', summary: 'begin there; what comes before is left out, and said to be'}),
  }
  static override exits = {...RUN_EXITS, 66: 'no such runbook or plan; no incident to write into', 77: 'it would not do what was planned'}

  async run(): Promise<object> {
    const {args, flags} = await this.parse(RunbookRun)
    const inputs = pairsToRecord(flags.input?.map(text => keyValue('input', text))) ?? {}
    if (flags.check) return this.check(args.runbook, inputs)
    const {yes, step: stepwise, from, plan} = flags
    return this.drive(async (tell, signals) => {
      const {runRunbook} = await import('../../actions/run-runbook.ts')
      return runRunbook(this.desk, {runbook: args.runbook, inputs, yes, stepwise, from, plan, tell}, signals)
    })
  }

  /** Each loads what it needs: a run none of this, a check no engine. */
  private async check(runbook: string, inputs: Readonly<Record<string, string>>): Promise<object> {
    const [{checkRunbook}, {checkView}] = await Promise.all([import('../../actions/check-runbook.ts'), import('../../cli/views/check.ts')])
    return this.show(checkView(await checkRunbook(this.desk, {runbook, inputs}, this.signal)))
  }
}

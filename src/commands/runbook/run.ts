import {runRunbook} from '../../actions/run-runbook.ts'
import {arg, flags, keyValue} from '../../cli/command.ts'
import {RUN_EXITS, RunCommand} from '../../cli/run-command.ts'

export default class RunbookRun extends RunCommand {
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
    step: flags.boolean({summary: 'ask before each step'}),
    from: flags.string({helpValue: 'STEP', summary: 'begin there; what comes before is left out, and said to be'}),
  }
  static override exits = {...RUN_EXITS, 66: 'no such runbook'}

  async run(): Promise<object> {
    const {args, flags} = await this.parse(RunbookRun)
    const inputs = Object.fromEntries((flags.input ?? []).map(text => keyValue('input', text)))
    const {yes, step: stepwise, from} = flags
    return this.drive((tell, signals) => runRunbook(this.desk, {runbook: args.runbook, inputs, yes, stepwise, from, tell}, signals))
  }
}

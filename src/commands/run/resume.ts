import {resumeRun} from '../../actions/resume-run.ts'
import {arg, flags} from '../../cli/command.ts'
import {RUN_EXITS, RunCommand} from '../../cli/run-command.ts'

export default class RunResume extends RunCommand {
  static override summary = 'go on with a parked or interrupted run'
  static override description = 'While another process drives it, a terminal reads along and drives nothing; --take drives it from here.'
  static override aliases = ['resume']
  static override examples = [
    {description: 'The only one that waits', command: '<%= config.bin %> resume'},
    {description: 'With a mended text: what was begun must be in it unchanged', command: '<%= config.bin %> resume --amend runbooks/routing-outage.yaml'},
  ]
  static override args = {run: arg({description: 'any unique part of its id [default: the only one that waits]', complete: 'run'})}
  static override flags = {
    yes: flags.boolean({summary: 'answer confirmations with yes, and nothing else'}),
    step: flags.boolean({summary: 'ask before each step'}),
    take: flags.boolean({summary: 'drive it from here although another process does'}),
    amend: flags.string({helpValue: 'FILE', summary: 'go on with this text from now on'}),
  }
  static override exits = RUN_EXITS

  async run(): Promise<object> {
    const {args, flags} = await this.parse(RunResume)
    const {yes, step: stepwise, take, amend} = flags
    return this.drive((tell, signals) => resumeRun(this.desk, args.run, {yes, stepwise, take, amend, tell}, signals))
  }
}

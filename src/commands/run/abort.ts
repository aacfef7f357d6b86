import {abortRun} from '../../actions/answer-run.ts'
import {arg, flags, ScramCommand} from '../../cli/command.ts'
import {runView} from '../../cli/views/run.ts'

export default class RunAbort extends ScramCommand {
  static override summary = 'end a run for good; rods that are in stay in and are named'
  static override aliases = ['abort']
  static override examples = [{description: 'Somebody did it by hand', command: '<%= config.bin %> abort --why "fixed by hand"'}]
  static override args = {run: arg({description: 'any unique part of its id [default: the only one that waits]', complete: 'run'})}
  static override flags = {why: flags.string({required: true, helpValue: 'TEXT', summary: 'reason, kept in the record'})}
  static override exits = {0: 'ended', 64: 'several runs wait', 66: 'no such run', 75: 'another process drives it'}

  async run(): Promise<object> {
    const {args, flags} = await this.parse(RunAbort)
    return this.show(runView(await abortRun(this.desk, args.run, flags.why)))
  }
}

import {approveRun} from '../../actions/answer-run.ts'
import {arg, ScramCommand} from '../../cli/command.ts'
import {runFlag, whyFlag} from '../../cli/run-command.ts'
import {answeredView} from '../../cli/views/run.ts'

export default class RunApprove extends ScramCommand {
  static override summary = "say yes to a step that wants another person's approval"
  static override description =
    'Only records it: whoever drives the run goes on. The approver is another than the driver and holds a role the step names. On one machine this is a record, not proof of who typed it.'
  static override aliases = ['approve']
  static override examples = [{description: 'The step that waits for it', command: '<%= config.bin %> approve push'}]
  static override args = {step: arg({description: 'any unique part of the step [default: the one that waits]'})}
  static override flags = {run: runFlag(), why: whyFlag()}
  static override exits = {0: 'recorded', 64: 'several steps wait', 66: 'no such run', 77: 'your own step, no such role, or nothing waits'}

  async run(): Promise<object> {
    const {args, flags} = await this.parse(RunApprove)
    return this.show(answeredView(await approveRun(this.desk, {run: flags.run, step: args.step, why: flags.why})))
  }
}

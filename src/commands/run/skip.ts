import {answerRun} from '../../actions/answer-run.ts'
import {arg} from '../../cli/command.ts'
import {RUN_EXITS, RunCommand, runFlag, whyFlag, yesLaterFlag} from '../../cli/run-command.ts'

export default class RunSkip extends RunCommand {
  static override summary = 'leave a waiting step out, and go on'
  static override aliases = ['skip']
  static override examples = [{description: 'Answer the step a run waits for', command: '<%= config.bin %> skip patch --why "done by hand"'}]
  static override args = {step: arg({description: 'any unique part of the step [default: the one that waits]'})}
  static override flags = {run: runFlag(), why: whyFlag(), yes: yesLaterFlag()}
  static override exits = RUN_EXITS

  async run(): Promise<object> {
    const {args, flags} = await this.parse(RunSkip)
    const answer = {verb: 'skip', step: args.step, run: flags.run, why: flags.why} as const
    return this.drive((tell, signals) => answerRun(this.desk, answer, {yes: flags.yes, tell}, signals))
  }
}

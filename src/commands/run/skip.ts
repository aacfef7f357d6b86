import {answerRun} from '../../actions/answer-run.ts'
import {arg, flags} from '../../cli/command.ts'
import {RUN_EXITS, RunCommand, runFlag, yesLaterFlag} from '../../cli/run-command.ts'

export default class RunSkip extends RunCommand {
  static override summary = 'leave a waiting step out, and go on'
  static override aliases = ['skip']
  static override examples = [{description: 'Answer the step a run waits for', command: '<%= config.bin %> skip patch --why "done by hand"'}]
  static override args = {step: arg({description: 'any unique part of the step [default: the one that waits]'})}
  static override flags = {
    run: runFlag(),
    why: flags.string({helpValue: 'TEXT', summary: 'reason, kept in the record [default: asked on a terminal]'}),
    yes: yesLaterFlag(),
  }
  static override exits = {...RUN_EXITS, 64: 'no reason is given, or several steps wait'}

  async run(): Promise<object> {
    const {args, flags} = await this.parse(RunSkip)
    const {run} = flags
    const typed = ['skip', ...(args.step === undefined ? [] : [args.step]), ...(run === undefined ? [] : ['--run', run])]
    return this.drive(async (tell, signals) => {
      const why = await this.neededWhy(flags.why, {question: `why ${args.step ?? 'the step that waits'} is left out:`, typed}, signals.stop)
      return answerRun(this.desk, {verb: 'skip', step: args.step, run, why}, {yes: flags.yes, tell}, signals)
    })
  }
}

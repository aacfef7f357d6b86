import {answerRun} from '../../actions/answer-run.ts'
import {arg, flags, keyValue, pairsToRecord} from '../../cli/command.ts'
import {evidenceOf} from '../../cli/evidence.ts'
import {RUN_EXITS, RunCommand, runFlag, whyFlag, yesLaterFlag} from '../../cli/run-command.ts'

export default class RunDone extends RunCommand {
  static override summary = 'say that a waiting step was done, and go on'
  static override description = 'A run that another process drives goes on there; else it goes on here.'
  static override aliases = ['done']
  static override examples = [
    {description: 'Answer the step a run waits for', command: '<%= config.bin %> done fault --output cause="poison record"'},
    {description: 'With a file as evidence', command: '<%= config.bin %> done fault --file trace.txt --output cause="poison record"'},
  ]
  static override args = {step: arg({description: 'any unique part of the step [default: the one that waits]'})}
  static override flags = {
    run: runFlag(),
    output: flags.string({multiple: true, helpValue: 'KEY=VALUE', summary: 'an output the step asks for'}),
    message: flags.string({char: 'm', helpValue: 'TEXT', summary: 'evidence: what shows it'}),
    file: flags.string({helpValue: 'FILE', summary: 'evidence: its name, size and SHA-256 are recorded'}),
    why: whyFlag(),
    yes: yesLaterFlag(),
  }
  static override exits = RUN_EXITS

  async run(): Promise<object> {
    const {args, flags} = await this.parse(RunDone)
    const outputs = pairsToRecord(flags.output?.map(text => keyValue('output', text)))
    const evidence = evidenceOf(flags.message, flags.file)
    const answer = {verb: 'done', step: args.step, run: flags.run, why: flags.why, outputs, evidence} as const
    return this.drive((tell, signals) => answerRun(this.desk, answer, {yes: flags.yes, tell}, signals))
  }
}

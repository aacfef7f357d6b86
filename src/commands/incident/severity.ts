import {setSeverity} from '../../actions/set-severity.ts'
import {arg, flags, ScramCommand, severityOf, writeFlags} from '../../cli/command.ts'
import {doneView} from '../../cli/views/done.ts'

export default class IncidentSeverity extends ScramCommand {
  static override summary = 'set the severity'
  static override aliases = ['severity']
  static override examples = [{description: 'It is worse than it looked', command: '<%= config.bin %> severity sev1 --why "all regions"'}]
  static override args = {severity: arg({required: true, description: 'sev1 (worst) to sev5', complete: 'severity'})}
  static override flags = {
    why: flags.string({helpValue: 'TEXT', summary: 'reason, kept in the record'}),
    ...writeFlags,
  }
  static override exits = {
    0: 'recorded',
    3: 'recorded, the page is behind',
    64: 'wrong or missing argument',
    66: 'no such incident',
    77: 'refused, or several incidents are open',
  }

  async run(): Promise<object> {
    const {args, flags} = await this.parse(IncidentSeverity)
    return this.show(doneView(await setSeverity(this.desk, {...flags, severity: severityOf(args.severity)})))
  }
}

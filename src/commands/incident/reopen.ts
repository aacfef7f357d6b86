import {reopenIncident} from '../../actions/resolve-incident.ts'
import {flags, ScramCommand, writeFlags} from '../../cli/command.ts'
import {doneView} from '../../cli/views/done.ts'

export default class IncidentReopen extends ScramCommand {
  static override summary = 'open a resolved incident again'
  static override aliases = ['reopen']
  static override examples = [{description: 'It came back', command: '<%= config.bin %> reopen --why "errors are back at 4 %"'}]
  static override flags = {
    why: flags.string({required: true, helpValue: 'TEXT', summary: 'reason, kept in the record'}),
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
    const {flags} = await this.parse(IncidentReopen)
    return this.show(doneView(await reopenIncident(this.desk, flags)))
  }
}

import {listIncidents} from '../../actions/list-incidents.ts'
import {flags, ScramCommand} from '../../cli/command.ts'
import {listView} from '../../cli/views/incident.ts'

export default class IncidentList extends ScramCommand {
  static override summary = 'list open incidents, or all'
  static override aliases = ['list']
  static override examples = [
    {description: 'What is open', command: '<%= config.bin %> list'},
    {description: 'Everything ever recorded here', command: '<%= config.bin %> list --all --json'},
  ]
  static override flags = {all: flags.boolean({char: 'a', summary: 'resolved and closed ones too'})}
  static override exits = {0: 'listed'}

  async run(): Promise<object> {
    const {flags} = await this.parse(IncidentList)
    return this.show(listView(await listIncidents(this.desk, flags), this.desk.clock.now()))
  }
}

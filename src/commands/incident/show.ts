import {showIncident} from '../../actions/show-incident.ts'
import {arg, ScramCommand} from '../../cli/command.ts'
import {incidentView} from '../../cli/views/incident.ts'

export default class IncidentShow extends ScramCommand {
  static override summary = 'show an incident: impact, updates, measures, rods'
  static override aliases = ['show']
  static override examples = [
    {description: 'The current one, or the one resolved last', command: '<%= config.bin %> show'},
    {description: 'Another one', command: '<%= config.bin %> show k7qm'},
  ]
  static override args = {incident: arg({description: 'any unique part of its id [default: the current one]', complete: 'incident'})}
  static override exits = {0: 'shown', 64: 'ambiguous id', 66: 'no such incident', 77: 'several are open, none is chosen'}

  async run(): Promise<object> {
    const {args} = await this.parse(IncidentShow)
    return this.show(incidentView(await showIncident(this.desk, args.incident)))
  }
}

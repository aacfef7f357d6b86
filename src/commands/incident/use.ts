import {useIncident} from '../../actions/use-incident.ts'
import {arg, flags, ScramCommand} from '../../cli/command.ts'
import {useView} from '../../cli/views/incident.ts'

export default class IncidentUse extends ScramCommand {
  static override summary = 'choose the current incident of this machine'
  static override aliases = ['use']
  static override examples = [
    {description: 'Work on this one', command: '<%= config.bin %> use k7qm'},
    {description: 'Forget the choice', command: '<%= config.bin %> use --none'},
  ]
  static override args = {incident: arg({description: 'any unique part of its id', complete: 'incident'})}
  static override flags = {none: flags.boolean({summary: 'forget the choice'})}
  static override exits = {0: 'chosen', 64: 'ambiguous or missing id', 66: 'no such incident'}

  async run(): Promise<object> {
    const {args, flags} = await this.parse(IncidentUse)
    const part = flags.none ? null : this.needed(args.incident, 'incident')
    return this.show(useView(await useIncident(this.desk, part)))
  }
}

import {retitleIncident} from '../../actions/retitle-incident.ts'
import {arg, ScramCommand, writeFlags} from '../../cli/command.ts'
import {doneView} from '../../cli/views/done.ts'

export default class IncidentRetitle extends ScramCommand {
  static override summary = 'give the incident another title'
  static override examples = [{description: 'Now we know what it is', command: '<%= config.bin %> incident retitle "HTTP routing errors"'}]
  static override args = {title: arg({required: true, description: 'what users see, in a few words'})}
  static override flags = {...writeFlags}
  static override exits = {
    0: 'recorded',
    3: 'recorded, the page is behind',
    64: 'wrong or missing argument',
    66: 'no such incident',
    77: 'refused, or several incidents are open',
  }

  async run(): Promise<object> {
    const {args, flags} = await this.parse(IncidentRetitle)
    return this.show(doneView(await retitleIncident(this.desk, {...flags, title: args.title})))
  }
}

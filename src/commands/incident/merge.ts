import {mergeIncident} from '../../actions/merge-incident.ts'
import {arg, flags, ScramCommand, writeFlags} from '../../cli/command.ts'
import {doneView} from '../../cli/views/done.ts'

export default class IncidentMerge extends ScramCommand {
  static override summary = 'end an incident as a part of another'
  static override aliases = ['merge']
  static override examples = [{description: 'Two people opened the same one', command: '<%= config.bin %> merge k7qm --into 3fp0 --why "same outage"'}]
  static override args = {incident: arg({required: true, description: 'the one that ends: any unique part of its id', complete: 'incident'})}
  static override flags = {
    into: flags.string({required: true, helpValue: 'ID', complete: 'incident', summary: 'the one that goes on'}),
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
    const {args, flags} = await this.parse(IncidentMerge)
    return this.show(doneView(await mergeIncident(this.desk, {...flags, incident: args.incident})))
  }
}

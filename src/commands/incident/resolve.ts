import {LONGEST_EXPIRY_MS} from '../../actions/check-expiry.ts'
import {resolveIncident} from '../../actions/resolve-incident.ts'
import {flags, pairsToRecord, ScramCommand, writeFlags} from '../../cli/command.ts'
import {doneView} from '../../cli/views/done.ts'
import {COMPONENT_STATUSES} from '../../cli/words.ts'

export default class IncidentResolve extends ScramCommand {
  static override summary = 'resolve the incident, with the last public text'
  static override description = 'Refused while a rod of this incident is not known to be withdrawn, unless it is left in by name.'
  static override aliases = ['resolve']
  static override examples = [
    {description: 'Over', command: '<%= config.bin %> resolve --message "The fault is fixed and applications work normally."'},
    {
      description: 'One rod stays in for the night',
      command: '<%= config.bin %> resolve -m "Fixed." --leave-in api-maintenance --expires 8h --why "migration first"',
    },
  ]
  static override flags = {
    message: flags.string({char: 'm', helpValue: 'TEXT', summary: 'last public text; - reads stdin'}),
    component: flags.pair({char: 'c', values: COMPONENT_STATUSES, complete: 'component', summary: 'component=status; others become operational'}),
    'leave-in': flags.string({multiple: true, helpValue: 'ROD', complete: 'rod', summary: 'rod that stays inserted on purpose'}),
    expires: flags.duration({longestMs: LONGEST_EXPIRY_MS, summary: 'new expiry of the rods left in'}),
    why: flags.string({helpValue: 'TEXT', summary: 'why they stay in'}),
    ...writeFlags,
  }
  static override exits = {
    0: 'recorded',
    3: 'recorded, the page is behind',
    64: 'wrong or missing argument',
    66: 'no such incident or component',
    77: 'refused, or several incidents are open',
  }

  async run(): Promise<object> {
    const {flags} = await this.parse(IncidentResolve)
    const {message, component: components, 'leave-in': leaveIn, ...rest} = flags
    const text = message === undefined ? undefined : await this.text(message, 'message')
    return this.show(doneView(await resolveIncident(this.desk, {...rest, text, components: pairsToRecord(components), leaveIn})))
  }
}

import {openIncident} from '../../actions/open-incident.ts'
import {arg, flags, pairsToRecord, ScramCommand, writeFlags} from '../../cli/command.ts'
import {doneView} from '../../cli/views/done.ts'
import {COMPONENT_STATUSES, PUBLIC_IMPACTS} from '../../cli/words.ts'

export default class IncidentOpen extends ScramCommand {
  static override summary = 'open an incident, with -m a public one'
  static override aliases = ['open']
  static override examples = [
    {
      description: 'Open a public incident',
      command:
        '<%= config.bin %> open "HTTP errors" --severity sev1 --component production=major_outage --message "Many requests fail. We are looking into it."',
    },
    {description: 'It began three minutes ago', command: '<%= config.bin %> open "Deploys hang" -s sev3 --at -3m'},
  ]
  static override args = {title: arg({required: true, description: 'what users see, in a few words'})}
  static override flags = {
    severity: flags.severity({char: 's', summary: 'sev1 (worst) to sev5 [default: sev3]'}),
    component: flags.pair({char: 'c', values: COMPONENT_STATUSES, complete: 'component', summary: 'what works how, such as api=operational'}),
    message: flags.string({char: 'm', helpValue: 'TEXT', summary: 'first public text; - reads stdin'}),
    next: flags.duration({summary: 'promise the next update within this time [default: by severity]'}),
    impact: flags.word({values: PUBLIC_IMPACTS, summary: 'public impact [default: from the components]'}),
    private: flags.boolean({summary: 'never on the public page'}),
    adopt: flags.string({multiple: true, helpValue: 'ROD', complete: 'rod', summary: 'rod that is already in and belongs to this incident'}),
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
    const {args, flags} = await this.parse(IncidentOpen)
    const {component: components, message, ...rest} = flags
    const text = message === undefined ? undefined : await this.text(message, 'message')
    return this.show(doneView(await openIncident(this.desk, {...rest, title: args.title, components: pairsToRecord(components), text})))
  }
}

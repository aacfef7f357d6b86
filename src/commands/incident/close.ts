import {LONGEST_EXPIRY_MS} from '../../actions/check-expiry.ts'
import {closeIncident} from '../../actions/resolve-incident.ts'
import {flags, ScramCommand, writeFlags} from '../../cli/command.ts'
import {doneView} from '../../cli/views/done.ts'

export default class IncidentClose extends ScramCommand {
  static override summary = 'close a resolved incident'
  static override aliases = ['close']
  static override examples = [{description: 'Nothing more is expected', command: '<%= config.bin %> close'}]
  static override flags = {
    'leave-in': flags.string({multiple: true, helpValue: 'ROD', complete: 'rod', summary: 'rod that stays inserted on purpose'}),
    expires: flags.duration({longestMs: LONGEST_EXPIRY_MS, summary: 'new expiry of the rods left in'}),
    why: flags.string({helpValue: 'TEXT', summary: 'why they stay in'}),
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
    const {flags} = await this.parse(IncidentClose)
    const {'leave-in': leaveIn, ...rest} = flags
    return this.show(doneView(await closeIncident(this.desk, {...rest, leaveIn})))
  }
}

import {handOff} from '../../actions/hand-off.ts'
import {flags, ScramCommand, writeFlags} from '../../cli/command.ts'
import {doneView} from '../../cli/views/done.ts'

export default class IncidentHandoff extends ScramCommand {
  static override summary = 'offer command to somebody'
  static override aliases = ['handoff']
  static override examples = [{description: 'End of shift', command: '<%= config.bin %> handoff --to dana --message "API still closed; next update 16:20"'}]
  static override flags = {
    to: flags.string({required: true, helpValue: 'NAME', summary: 'who should take command'}),
    message: flags.string({char: 'm', helpValue: 'TEXT', summary: 'what they need to know'}),
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
    const {flags} = await this.parse(IncidentHandoff)
    const {message: text, ...rest} = flags
    return this.show(doneView(await handOff(this.desk, {...rest, text})))
  }
}

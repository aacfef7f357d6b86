import {takeCommand} from '../../actions/hand-off.ts'
import {ScramCommand, writeFlags} from '../../cli/command.ts'
import {doneView} from '../../cli/views/done.ts'

export default class IncidentTake extends ScramCommand {
  static override summary = 'take command of the incident'
  static override aliases = ['take']
  static override examples = [{description: 'I have it', command: '<%= config.bin %> take'}]
  static override flags = {...writeFlags}
  static override exits = {
    0: 'recorded',
    3: 'recorded, the page is behind',
    64: 'wrong or missing argument',
    66: 'no such incident',
    77: 'refused, or several incidents are open',
  }

  async run(): Promise<object> {
    const {flags} = await this.parse(IncidentTake)
    return this.show(doneView(await takeCommand(this.desk, flags)))
  }
}

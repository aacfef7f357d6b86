import {listOutbox} from '../../actions/list-outbox.ts'
import {ScramCommand} from '../../cli/command.ts'
import {outboxView} from '../../cli/views/outbox.ts'

export default class OutboxList extends ScramCommand {
  static override summary = 'what each page target shows, and what did not get out'
  static override examples = [
    {description: 'Is the page behind?', command: '<%= config.bin %> outbox list'},
    {description: 'For a monitor', command: '<%= config.bin %> outbox list --json'},
  ]
  static override exits = {0: 'listed, behind or not'}

  async run(): Promise<object> {
    await this.parse(OutboxList)
    return this.show(outboxView(await listOutbox(this.desk)))
  }
}

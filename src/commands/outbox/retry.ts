import {publishPage} from '../../actions/publish-page.ts'
import {ScramCommand} from '../../cli/command.ts'
import {publishedView} from '../../cli/views/outbox.ts'

export default class OutboxRetry extends ScramCommand {
  static override summary = 'send what did not get out; repeating it posts nothing twice'
  static override examples = [
    {description: 'After the disk or the mount is well again', command: '<%= config.bin %> outbox retry'},
    {description: 'In a script', command: '<%= config.bin %> outbox retry --json'},
  ]
  static override exits = {0: 'every target shows the record', 3: 'some target failed; it stays behind'}

  async run(): Promise<object> {
    await this.parse(OutboxRetry)
    return this.show(publishedView(await publishPage(this.desk, {isThorough: true})))
  }
}

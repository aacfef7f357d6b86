import {showStatus} from '../actions/show-status.ts'
import {ScramCommand} from '../cli/command.ts'
import {statusView} from '../cli/views/status.ts'

export default class Status extends ScramCommand {
  static override summary = 'where am I: incident, clock, rods, runs, what is next'
  static override examples = [{description: 'The same as typing only scram', command: '<%= config.bin %> status'}]
  static override exits = {0: 'shown', 73: 'the journal cannot be read'}

  async run(): Promise<object> {
    await this.parse(Status)
    return this.show(statusView(await showStatus(this.desk)))
  }
}

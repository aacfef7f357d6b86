import {listRunbooks} from '../../actions/list-runbooks.ts'
import {ScramCommand} from '../../cli/command.ts'
import {runbookListView} from '../../cli/views/runbook.ts'

export default class RunbookList extends ScramCommand {
  static override summary = 'list the runbooks of this workspace'
  static override examples = [{description: 'In the workspace found from here', command: '<%= config.bin %> runbook list'}]
  static override exits = {0: 'shown', 65: 'it does not parse or check', 66: 'no such runbook or workspace'}

  async run(): Promise<object> {
    await this.parse(RunbookList)
    return this.show(runbookListView(await listRunbooks(this.desk)))
  }
}

import {showRunbook} from '../../actions/list-runbooks.ts'
import {arg, ScramCommand} from '../../cli/command.ts'
import {runbookView} from '../../cli/views/runbook.ts'

export default class RunbookShow extends ScramCommand {
  static override summary = 'show a runbook as it is written'
  static override examples = [{description: 'In the workspace found from here', command: '<%= config.bin %> runbook show drill-routing'}]
  static override args = {runbook: arg({required: true, description: 'id of the runbook', complete: 'runbook'})}
  static override exits = {0: 'shown', 65: 'it does not parse or check', 66: 'no such runbook or workspace'}

  async run(): Promise<object> {
    const {args} = await this.parse(RunbookShow)
    return this.show(runbookView(await showRunbook(this.desk, args.runbook)))
  }
}

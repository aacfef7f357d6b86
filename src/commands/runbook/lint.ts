import {listRunbooks} from '../../actions/list-runbooks.ts'
import {arg, ScramCommand} from '../../cli/command.ts'
import {lintView} from '../../cli/views/run.ts'

export default class RunbookLint extends ScramCommand {
  static override summary = 'check runbooks before they are needed'
  static override examples = [{description: 'In the workspace found from here', command: '<%= config.bin %> runbook lint'}]
  static override args = {runbook: arg({description: 'id of the runbook [default: all]', complete: 'runbook'})}
  static override exits = {0: 'no errors', 1: 'an error', 65: 'it does not parse or check', 66: 'no such runbook or workspace'}

  async run(): Promise<object> {
    const {args} = await this.parse(RunbookLint)
    return this.show(lintView(await listRunbooks(this.desk, args.runbook)))
  }
}

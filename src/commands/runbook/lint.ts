import {lintRunbooks} from '../../actions/list-runbooks.ts'
import {arg, flags, ScramCommand} from '../../cli/command.ts'
import {lintView} from '../../cli/views/runbook.ts'

export default class RunbookLint extends ScramCommand {
  static override summary = 'check runbooks before they are needed'
  static override description = 'An E keeps scram run from starting, a W does not. Each line names file, line and column.'
  static override examples = [
    {description: 'Every runbook of the workspace found from here', command: '<%= config.bin %> runbook lint'},
    {description: 'In CI: warnings count, and the host shows them in place', command: '<%= config.bin %> runbook lint --strict --sarif'},
  ]
  static override args = {file: arg({multiple: true, description: 'id or file of a runbook [default: all]', complete: 'runbook'})}
  static override flags = {
    strict: flags.boolean({summary: 'a warning is an error, too'}),
    sarif: flags.boolean({summary: 'print SARIF 2.1.0 for code hosts and editors'}),
  }
  static override exits = {0: 'no errors', 1: 'an error', 65: 'it cannot be read as a runbook', 66: 'no such runbook or workspace'}

  async run(): Promise<object> {
    const {args, flags} = await this.parse(RunbookLint)
    const runbooks = await lintRunbooks(this.desk, args.file ?? [])
    return this.show(lintView(runbooks, {strict: flags.strict, sarif: flags.sarif ? {version: this.desk.version(), folder: process.cwd()} : null}))
  }
}

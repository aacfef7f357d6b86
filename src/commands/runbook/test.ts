import {testRunbooks} from '../../actions/test-runbooks.ts'
import {ScramCommand} from '../../cli/command.ts'
import {runbookTestView} from '../../cli/views/runbook-test.ts'

export default class RunbookTest extends ScramCommand {
  static override summary = 'try runbooks against a made-up world'
  static override description =
    'The real engine with a record in memory, a clock that jumps and the answers of NAME.test.yaml: hours take milliseconds, nothing outside is touched. With `crash: every` it is killed and resumed at every point.'
  static override examples = [
    {description: 'Every test of the workspace', command: '<%= config.bin %> runbook test'},
    {description: 'That of one runbook', command: '<%= config.bin %> runbook test drill-routing'},
  ]
  static override strict = false
  static override usage = 'runbook test [RUNBOOK|FILE...]'
  static override exits = {0: 'all passed', 1: 'one failed', 65: 'a test or its runbook does not check', 66: 'no such file, runbook or workspace'}

  async run(): Promise<object> {
    const {argv} = await this.parse(RunbookTest)
    return this.show(runbookTestView(await testRunbooks(this.desk, argv.map(String))))
  }
}

import {graphRunbook} from '../../actions/graph-runbook.ts'
import {arg, flags, ScramCommand} from '../../cli/command.ts'
import {graphView} from '../../cli/views/runbook.ts'

export default class RunbookGraph extends ScramCommand {
  static override summary = 'draw a runbook as a tree or as a flowchart'
  static override examples = [
    {description: 'The order of things, for a terminal', command: '<%= config.bin %> runbook graph routing-outage'},
    {description: 'How a run stands', command: '<%= config.bin %> runbook graph routing-outage --run r-4qm7'},
    {description: 'For a wiki page that draws Mermaid', command: '<%= config.bin %> runbook graph routing-outage --format mermaid'},
  ]
  static override args = {runbook: arg({required: true, description: 'id of the runbook', complete: 'runbook'})}
  static override flags = {
    format: flags.word({values: ['text', 'mermaid'], summary: 'what to print [default: text]'}),
    run: flags.string({helpValue: 'RUN', complete: 'run', summary: 'mark how each step of this run stands'}),
  }
  static override exits = {0: 'shown', 64: 'a run of another runbook', 65: 'it cannot be read as a runbook', 66: 'no such runbook, run or workspace'}

  async run(): Promise<object> {
    const {args, flags} = await this.parse(RunbookGraph)
    return this.show(graphView(await graphRunbook(this.desk, args.runbook, flags.format ?? 'text', flags.run)))
  }
}

import {showRunbook} from '../../actions/list-runbooks.ts'
import {arg, flags, ScramCommand} from '../../cli/command.ts'
import {runbookMarkdownView, runbookView} from '../../cli/views/runbook.ts'

export default class RunbookShow extends ScramCommand {
  static override summary = 'show a runbook as it is written'
  static override examples = [
    {description: 'In the workspace found from here', command: '<%= config.bin %> runbook show drill-routing'},
    {description: 'As a checklist for a wiki', command: '<%= config.bin %> runbook show drill-routing --markdown'},
  ]
  static override args = {runbook: arg({required: true, description: 'id of the runbook', complete: 'runbook'})}
  static override flags = {markdown: flags.boolean({summary: 'as a Markdown checklist that `runbook init --from` reads'})}
  static override exits = {0: 'shown', 65: 'it cannot be read as a runbook', 66: 'no such runbook or workspace'}

  async run(): Promise<object> {
    const {args, flags} = await this.parse(RunbookShow)
    const loaded = await showRunbook(this.desk, args.runbook)
    return this.show(flags.markdown ? runbookMarkdownView(loaded) : runbookView(loaded))
  }
}

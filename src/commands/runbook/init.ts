import {initRunbook} from '../../actions/init-runbook.ts'
import {arg, flags, ScramCommand} from '../../cli/command.ts'
import {initView} from '../../cli/views/runbook.ts'

export default class RunbookInit extends ScramCommand {
  static override summary = 'write a runbook to begin with'
  static override description = 'In runbooks/ of the workspace; without one, a scram.yaml is begun here. Nothing is overwritten.'
  static override examples = [
    {description: 'A short one with comments', command: '<%= config.bin %> runbook init web-down'},
    {description: 'A wiki page: all by hand at first', command: '<%= config.bin %> runbook init --from web-down.md'},
  ]
  static override args = {name: arg({description: "id [default: the page's title, first-runbook]"})}
  static override flags = {from: flags.string({helpValue: 'FILE.md', summary: 'make it of this Markdown page'})}
  static override exits = {0: 'written', 64: 'no such id can be', 65: 'the page holds no runbook', 66: 'no such page', 77: 'it is there already'}

  async run(): Promise<object> {
    const {args, flags} = await this.parse(RunbookInit)
    return this.show(initView(await initRunbook(this.desk, {name: args.name, from: flags.from})))
  }
}

import {buildPageInto} from '../../actions/build-page.ts'
import {publishPage} from '../../actions/publish-page.ts'
import {flags, ScramCommand} from '../../cli/command.ts'
import {builtView, publishedView} from '../../cli/views/outbox.ts'

export default class PageBuild extends ScramCommand {
  static override summary = 'build the status page from the record'
  static override examples = [
    {description: 'To every target of scram.yaml', command: '<%= config.bin %> page build'},
    {description: 'Into a folder, to look at it', command: '<%= config.bin %> page build --out /tmp/page'},
    {description: 'Which files it would be', command: '<%= config.bin %> page build --dry-run'},
  ]
  static override flags = {
    out: flags.string({helpValue: 'DIR', summary: 'write the files here; no target is touched, nothing recorded'}),
    'dry-run': flags.boolean({summary: 'name the files, write none'}),
  }
  static override exits = {0: 'built', 3: 'some target failed; it stays behind'}

  async run(): Promise<object> {
    const {flags} = await this.parse(PageBuild)
    const {out = null, 'dry-run': isDry} = flags
    if (out === null && !isDry) return this.show(publishedView(await publishPage(this.desk)))
    return this.show(builtView(await buildPageInto(this.desk, out, isDry)))
  }
}

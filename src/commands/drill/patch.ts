import {askDrill} from '../../actions/ask-drill.ts'
import {ScramCommand} from '../../cli/command.ts'
import {drillFlags, drillFolder} from '../../cli/drill-dir.ts'
import {drillAskedView} from '../../cli/views/drill.ts'

export default class DrillPatch extends ScramCommand {
  static override summary = 'deploy the router that knows the record'
  static override examples = [{description: 'From a second terminal; a second time changes nothing', command: '<%= config.bin %> drill patch'}]
  static override flags = drillFlags
  static override exits = {0: 'done', 66: 'no drill is up', 69: 'the drill does not answer'}

  protected override reminds = false

  async run(): Promise<object> {
    const {flags} = await this.parse(DrillPatch)
    return this.show(
      drillAskedView(await askDrill(this.desk, {verb: 'patch', folder: drillFolder(flags)}, this.signal), 'the patched router is deployed; it boots now'),
    )
  }
}

import {askDrill} from '../../actions/ask-drill.ts'
import {ScramCommand} from '../../cli/command.ts'
import {drillFlags, drillFolder} from '../../cli/drill-dir.ts'
import {drillAskedView} from '../../cli/views/drill.ts'

export default class DrillBreak extends ScramCommand {
  static override summary = 'put the unusual record into the router of the drill'
  static override examples = [{description: 'From a second terminal', command: '<%= config.bin %> drill break'}]
  static override flags = drillFlags
  static override exits = {0: 'done', 66: 'no drill is up', 69: 'the drill does not answer'}

  protected override reminds = false

  async run(): Promise<object> {
    const {flags} = await this.parse(DrillBreak)
    return this.show(
      drillAskedView(await askDrill(this.desk, {verb: 'break', folder: drillFolder(flags)}, this.signal), 'the router has met the record it does not know'),
    )
  }
}

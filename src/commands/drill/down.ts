import {askDrill} from '../../actions/ask-drill.ts'
import {ScramCommand} from '../../cli/command.ts'
import {drillFlags, drillFolder} from '../../cli/drill-dir.ts'
import {drillAskedView} from '../../cli/views/drill.ts'

export default class DrillDown extends ScramCommand {
  static override summary = 'end a drill, also one that hangs'
  static override examples = [{description: 'Leaves no process', command: '<%= config.bin %> drill down'}]
  static override flags = drillFlags
  static override exits = {0: 'ended', 66: 'no drill is up'}

  protected override reminds = false

  async run(): Promise<object> {
    const {flags} = await this.parse(DrillDown)
    return this.show(drillAskedView(await askDrill(this.desk, {verb: 'down', folder: drillFolder(flags)}, this.signal), 'the drill has ended'))
  }
}

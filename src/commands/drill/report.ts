import {askDrill} from '../../actions/ask-drill.ts'
import {ScramCommand} from '../../cli/command.ts'
import {drillFlags, drillFolder} from '../../cli/drill-dir.ts'
import {drillReportView} from '../../cli/views/drill.ts'

export default class DrillReport extends ScramCommand {
  static override summary = 'what the drill has shown so far'
  static override examples = [{description: 'Before or after you resolved', command: '<%= config.bin %> drill report'}]
  static override flags = drillFlags
  static override exits = {0: 'every expectation held', 1: 'one did not', 66: 'no drill is up', 69: 'the drill does not answer', 75: 'inconclusive'}

  protected override reminds = false

  async run(): Promise<object> {
    const {flags} = await this.parse(DrillReport)
    return this.show(drillReportView(await askDrill(this.desk, {verb: 'report', folder: drillFolder(flags)}, this.signal)))
  }
}

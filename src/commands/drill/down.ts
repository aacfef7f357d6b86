import {askDrill} from '../../actions/ask-drill.ts'
import {flags, ScramCommand} from '../../cli/command.ts'
import {drillAskedView} from '../../cli/views/drill.ts'

export default class DrillDown extends ScramCommand {
  static override summary = 'end a drill, also one that hangs'
  static override examples = [{description: 'Leaves no process', command: '<%= config.bin %> drill down'}]
  static override flags = {dir: flags.string({helpValue: 'DIR', summary: 'folder of the drill [default: $SCRAM_DRILL, else the newest]'})}
  static override exits = {0: 'ended', 66: 'no drill is up'}

  protected override reminds = false

  async run(): Promise<object> {
    const {flags} = await this.parse(DrillDown)
    const folder = flags.dir ?? (process.env['SCRAM_DRILL'] || undefined)
    return this.show(drillAskedView(await askDrill(this.desk, {verb: 'down', folder}, this.signal), 'the drill has ended'))
  }
}

import {drillUp} from '../../actions/drill-up.ts'
import {flags, ScramCommand} from '../../cli/command.ts'
import {drillHost} from '../../cli/drill-host.ts'
import {narrate, printJson, printLines} from '../../cli/stdout.ts'
import {drillEndedView, drillUpLines} from '../../cli/views/drill.ts'

export default class DrillUp extends ScramCommand {
  static override summary = 'start the platform that breaks on purpose, to practise on it'
  static override examples = [
    {description: 'In a first terminal; Ctrl-C ends it', command: '<%= config.bin %> drill up'},
    {description: 'In a second one, after the export it printed', command: '<%= config.bin %> drill break'},
  ]
  static override flags = {
    out: flags.string({helpValue: 'DIR', summary: 'folder of the drill [default: a new folder, kept]'}),
    seed: flags.integer({helpValue: 'N', summary: 'of the customers and what they ask for'}),
  }
  static override exits = {
    0: 'ended by drill down',
    64: 'wrong argument',
    75: 'another drill is running',
    77: 'the folder holds another drill',
    130: 'ended by Ctrl-C',
  }

  protected override reminds = false

  async run(): Promise<object> {
    const {flags} = await this.parse(DrillUp)
    const {out, seed} = flags
    const host = drillHost({json: this.json})
    // Printed while it is up: a second terminal needs it now.
    const onUp = this.json ? printJson : (up: Parameters<typeof drillUpLines>[0]) => printLines(drillUpLines(up))
    const ended = drillEndedView(await drillUp({out, seed, host, onUp}, this.signal))
    for (const line of ended.narration ?? []) narrate(line)
    if (ended.exit !== 0) process.exitCode = ended.exit
    return ended.json
  }
}

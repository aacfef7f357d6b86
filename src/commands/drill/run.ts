import {SCENARIO} from '../../actions/drill-scenario.ts'
import {runDrill} from '../../actions/run-drill.ts'
import {arg, flags, ScramCommand} from '../../cli/command.ts'
import {drillHost} from '../../cli/drill-host.ts'
import {narrate} from '../../cli/stdout.ts'
import {drillRunView} from '../../cli/views/drill.ts'
import {newsLine} from '../../cli/views/run.ts'

export default class DrillRun extends ScramCommand {
  static override summary = 'hold a whole drill: break, contain, repair, report'
  static override examples = [
    {description: 'Practise: it asks you what a real incident would ask', command: '<%= config.bin %> drill run'},
    {description: 'Without a person, results in a folder', command: '<%= config.bin %> drill run --auto --out ./drill-results'},
  ]
  static override args = {scenario: arg({description: `what breaks [default: ${SCENARIO}]`, complete: 'none'})}
  static override flags = {
    auto: flags.boolean({summary: 'do without a person'}),
    out: flags.string({helpValue: 'DIR', summary: 'where page, timeline, postmortem and report go [default: a new folder, kept]'}),
    seed: flags.integer({helpValue: 'N', summary: 'of the customers and what they ask for'}),
  }
  static override exits = {
    0: 'every expectation held',
    1: 'one did not',
    64: 'wrong argument',
    70: 'the drill itself broke',
    75: 'inconclusive, or another drill is running',
    77: 'the folder holds another drill',
    130: 'interrupted',
  }

  protected override reminds = false

  async run(): Promise<object> {
    const {args, flags} = await this.parse(DrillRun)
    const {auto, out, seed} = flags
    const host = drillHost({json: this.json})
    const options = {scenario: args.scenario ?? SCENARIO, auto, out, seed, host, say: narrate}
    const tell = (news: Parameters<typeof newsLine>[0]) => {
      const line = newsLine(news)
      if (line !== null) narrate(line)
    }
    return this.show(drillRunView(await runDrill({...options, tell}, this.signal)))
  }
}

import {exportTimeline, exportTimelineTo} from '../../actions/export-timeline.ts'
import {flags, ScramCommand} from '../../cli/command.ts'
import {streamJson} from '../../cli/stdout.ts'
import {exportedView} from '../../cli/views/timeline-check.ts'

export default class TimelineExport extends ScramCommand {
  static override summary = 'the record as JSON Lines, chain and all'
  static override examples = [
    {description: 'A backup, readable by you alone', command: '<%= config.bin %> timeline export --out record.jsonl'},
    {description: 'One incident for somebody else', command: '<%= config.bin %> timeline export --incident k7qm --redacted'},
  ]
  static override flags = {
    redacted: flags.boolean({summary: 'withhold the text of redacted entries'}),
    out: flags.string({helpValue: 'FILE', summary: 'write here (0600) instead of stdout'}),
  }
  static override exits = {0: 'exported', 3: 'the file or stdout cannot be written', 66: 'no such incident'}

  async run(): Promise<object> {
    const {flags} = await this.parse(TimelineExport)
    const {incident, redacted, out} = flags
    if (out !== undefined) return this.show(exportedView(await exportTimelineTo(this.desk, out, {incident, redacted})))
    const records: object[] = []
    for await (const line of await exportTimeline(this.desk, {incident, redacted})) {
      const record = JSON.parse(line) as object
      if (this.json) records.push(record)
      // Escapes what a terminal obeys: the same JSON, so the hashes still fit.
      else streamJson(record)
    }
    return this.show({text: [], json: {records}, exit: 0})
  }
}

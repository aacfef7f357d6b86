import {importTimeline} from '../../actions/import-timeline.ts'
import {arg, ScramCommand} from '../../cli/command.ts'
import {importedView} from '../../cli/views/timeline-check.ts'

export default class TimelineImport extends ScramCommand {
  static override summary = "take another machine's exported record into this one"
  static override examples = [
    {description: 'A file; again adds nothing', command: '<%= config.bin %> timeline import record.jsonl'},
    {description: 'From another machine', command: 'ssh ops2 scram timeline export | <%= config.bin %> timeline import -'},
  ]
  static override args = {file: arg({description: 'JSON Lines from timeline export, - for stdin', required: true})}
  static override exits = {
    0: 'imported',
    1: 'a stream stopped; the others went on',
    3: 'imported, the page is behind',
    65: 'the file cannot be read',
    66: 'no such file',
  }

  async run(): Promise<object> {
    const {args} = await this.parse(TimelineImport)
    return this.show(importedView(await importTimeline(this.desk, args.file, this.signal)))
  }
}

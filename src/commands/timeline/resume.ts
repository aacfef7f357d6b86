import {resumeStream} from '../../actions/settle-stream.ts'
import {arg, ScramCommand} from '../../cli/command.ts'
import {importedView} from '../../cli/views/timeline-check.ts'

export default class TimelineResume extends ScramCommand {
  static override summary = 'try the record a stream stopped at once more'
  static override description = 'For instance after an upgrade. What comes behind it is taken by the next import, or from FILE.'
  static override examples = [
    {description: 'The one that timeline streams shows as stopped', command: '<%= config.bin %> timeline resume 4cdb286c'},
    {description: 'It was damaged on its way; here it is whole', command: '<%= config.bin %> timeline resume 4cdb286c record.jsonl'},
  ]
  static override args = {
    origin: arg({required: true, description: 'the stream: the beginning of its origin'}),
    file: arg({description: 'the record once more, as export writes it; - for stdin [default: the record as it came]'}),
  }
  static override exits = {
    0: 'it goes on',
    1: 'it stopped again',
    3: 'it goes on, the page is behind',
    64: 'several begin so',
    66: 'no such stream is stopped',
    73: 'the journal cannot be written',
  }

  async run(): Promise<object> {
    const {args} = await this.parse(TimelineResume)
    return this.show(importedView(await resumeStream(this.desk, args.origin, args.file)))
  }
}

import {checkTimeline} from '../../actions/check-timeline.ts'
import {flags, ScramCommand} from '../../cli/command.ts'
import {verifiedView} from '../../cli/views/timeline-check.ts'

export default class TimelineVerify extends ScramCommand {
  static override summary = 'check that the record was neither edited nor cut off'
  static override examples = [
    {description: 'Every stream from its first record', command: '<%= config.bin %> timeline verify'},
    {description: 'Against a head noted elsewhere', command: '<%= config.bin %> timeline verify --head ORIGIN/EPOCH/SEQ/HASH'},
  ]
  static override flags = {
    head: flags.string({helpValue: 'HEAD', multiple: true, summary: 'the record must reach this: as verify prints it, repeatable'}),
  }
  static override exits = {0: 'the record holds', 1: 'a stream has a flaw', 64: 'not a head'}

  async run(): Promise<object> {
    const {flags} = await this.parse(TimelineVerify)
    return this.show(verifiedView(await checkTimeline(this.desk, flags.head)))
  }
}

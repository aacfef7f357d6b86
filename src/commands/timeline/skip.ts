import {skipStream} from '../../actions/settle-stream.ts'
import {arg, flags, ScramCommand} from '../../cli/command.ts'
import {skippedView} from '../../cli/views/timeline-check.ts'

export default class TimelineSkip extends ScramCommand {
  static override summary = 'leave out the record a stream stopped at'
  static override description = 'Its bytes stay in quarantine, and the stream is shown as incomplete for ever. Import again for what comes behind it.'
  static override examples = [
    {description: 'A record nobody can read', command: '<%= config.bin %> timeline skip 4cdb286c --why "torn by a full disk, seen on paper"'},
  ]
  static override args = {origin: arg({required: true, description: 'the stream: the beginning of its origin'})}
  static override flags = {why: flags.string({required: true, helpValue: 'TEXT', summary: 'reason, kept in the record'})}
  static override exits = {0: 'left out', 64: 'several begin so', 66: 'no such stream is stopped', 73: 'the journal cannot be written'}

  async run(): Promise<object> {
    const {args, flags} = await this.parse(TimelineSkip)
    await skipStream(this.desk, {origin: args.origin, why: flags.why})
    return this.show(skippedView(args.origin))
  }
}

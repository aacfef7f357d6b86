import {listStreams} from '../../actions/settle-stream.ts'
import {ScramCommand} from '../../cli/command.ts'
import {streamsView} from '../../cli/views/timeline-check.ts'

export default class TimelineStreams extends ScramCommand {
  static override summary = 'list the streams of the record and where one stopped'
  static override examples = [{description: 'After an import that stopped', command: '<%= config.bin %> timeline streams'}]
  static override exits = {0: 'none is stopped', 1: 'a stream is stopped'}

  async run(): Promise<object> {
    await this.parse(TimelineStreams)
    return this.show(streamsView(await listStreams(this.desk)))
  }
}

import {showTimeline} from '../../actions/show-incident.ts'
import {arg, ScramCommand} from '../../cli/command.ts'
import {timelineView} from '../../cli/views/timeline.ts'

export default class TimelineShow extends ScramCommand {
  static override summary = 'show what happened, in order'
  static override aliases = ['timeline']
  static override examples = [
    {description: 'The current incident', command: '<%= config.bin %> timeline'},
    {description: 'Machine readable', command: '<%= config.bin %> timeline k7qm --json'},
  ]
  static override args = {incident: arg({description: 'any unique part of its id [default: the current one]', complete: 'incident'})}
  static override exits = {0: 'shown', 64: 'ambiguous id', 66: 'no such incident', 77: 'several are open, none is chosen'}

  async run(): Promise<object> {
    const {args} = await this.parse(TimelineShow)
    return this.show(timelineView(await showTimeline(this.desk, args.incident)))
  }
}

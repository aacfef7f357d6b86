import {markMilestone} from '../../actions/mark-milestone.ts'
import {arg, flags, ScramCommand, wordOf, writeFlags} from '../../cli/command.ts'
import {doneView} from '../../cli/views/done.ts'
import {MILESTONES} from '../../cli/words.ts'

export default class IncidentMark extends ScramCommand {
  static override summary = 'mark when a milestone was reached'
  static override aliases = ['mark']
  static override examples = [{description: 'The outage began before anyone noticed', command: '<%= config.bin %> mark started --at 15:52:41'}]
  static override args = {
    milestone: arg({required: true, description: 'started, detected, acknowledged, engaged, identified, mitigated, recovered …', complete: 'milestone'}),
  }
  static override flags = {
    text: flags.string({char: 'm', helpValue: 'TEXT', summary: 'what shows it'}),
    ...writeFlags,
  }
  static override exits = {
    0: 'recorded',
    3: 'recorded, the page is behind',
    64: 'wrong or missing argument',
    66: 'no such incident',
    77: 'refused, or several incidents are open',
  }

  async run(): Promise<object> {
    const {args, flags} = await this.parse(IncidentMark)
    return this.show(doneView(await markMilestone(this.desk, {...flags, milestone: wordOf('milestone', MILESTONES, args.milestone)})))
  }
}

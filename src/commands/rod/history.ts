import {rodHistory} from '../../actions/rod-history.ts'
import {arg, ScramCommand} from '../../cli/command.ts'
import {rodHistoryView} from '../../cli/views/rod-history.ts'

export default class RodHistory extends ScramCommand {
  static override summary = 'show every move, test and reminder of a rod'
  static override examples = [{description: 'When it was used, and how it went', command: '<%= config.bin %> rod history api-maintenance'}]
  static override args = {rod: arg({required: true, description: 'name of the rod, as in `scram rod list`', complete: 'rod'})}
  static override exits = {0: 'shown', 66: 'no such rod'}

  async run(): Promise<object> {
    const {args} = await this.parse(RodHistory)
    return this.show(rodHistoryView(await rodHistory(this.desk, args.rod)))
  }
}

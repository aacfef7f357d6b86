import {showRod} from '../../actions/list-rods.ts'
import {arg, ScramCommand} from '../../cli/command.ts'
import {rodView} from '../../cli/views/rod.ts'

export default class RodShow extends ScramCommand {
  static override summary = 'show a rod: what it stops, what it spares, where it stands'
  static override examples = [{description: 'Before inserting it', command: '<%= config.bin %> rod show api-maintenance'}]
  static override args = {rod: arg({required: true, description: 'name of the rod, as in `scram rod list`', complete: 'rod'})}
  static override exits = {0: 'shown', 65: 'its section does not check', 66: 'no such rod'}

  async run(): Promise<object> {
    const {args} = await this.parse(RodShow)
    return this.show(rodView(await showRod(this.desk, args.rod)))
  }
}

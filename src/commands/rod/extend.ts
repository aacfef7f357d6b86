import {LONGEST_EXPIRY_MS} from '../../actions/check-expiry.ts'
import {extendRod} from '../../actions/extend-rod.ts'
import {arg, flags, ScramCommand, writeFlags} from '../../cli/command.ts'
import {doneView} from '../../cli/views/done.ts'

export default class RodExtend extends ScramCommand {
  static override summary = 'give an inserted rod a later expiry'
  static override examples = [{description: 'An hour more', command: '<%= config.bin %> rod extend api-maintenance --expires 1h --why "backlog still drains"'}]
  static override args = {rod: arg({required: true, description: 'name of the rod, as in `scram rod list`', complete: 'rod'})}
  static override flags = {
    expires: flags.duration({longestMs: LONGEST_EXPIRY_MS, required: true, summary: 'from now'}),
    why: flags.string({required: true, helpValue: 'TEXT', summary: 'reason, kept in the record'}),
    id: writeFlags.id,
  }
  static override exits = {0: 'recorded', 66: 'no such rod', 77: 'it is not in'}

  async run(): Promise<object> {
    const {args, flags} = await this.parse(RodExtend)
    return this.show(doneView(await extendRod(this.desk, {...flags, rod: args.rod})))
  }
}

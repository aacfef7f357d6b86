import {verifyRod} from '../../actions/verify-rod.ts'
import {arg, ScramCommand} from '../../cli/command.ts'
import {movedView} from '../../cli/views/rod.ts'

export default class RodVerify extends ScramCommand {
  static override summary = 'ask where a rod stands and settle what is unknown'
  static override examples = [{description: 'After an interrupted move', command: '<%= config.bin %> rod verify api-maintenance'}]
  static override args = {rod: arg({required: true, description: 'name of the rod, as in `scram rod list`', complete: 'rod'})}
  static override exits = {
    0: 'it stands where the record wants it',
    1: 'it stands elsewhere',
    3: 'the probe does not agree',
    66: 'no such rod',
    69: 'nobody answers',
    75: 'another process is moving it',
  }

  async run(): Promise<object> {
    const {args} = await this.parse(RodVerify)
    return this.show(movedView(await verifyRod(this.desk, args.rod, this.signal)))
  }
}

import {runRole} from '../actions/run-drill-role.ts'
import {arg, ScramCommand} from '../cli/command.ts'

export default class DrillRole extends ScramCommand {
  static override summary = 'one process of a drill; started by scram drill'
  static override hidden = true
  static override aliases = ['__drill-role']
  static override args = {role: arg({required: true, description: 'manager, api, router or load'})}
  protected override reminds = false

  async run(): Promise<object> {
    const {args} = await this.parse(DrillRole)
    await runRole(args.role)
    return {}
  }
}

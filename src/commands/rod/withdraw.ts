import {withdrawRod} from '../../actions/move-rod.ts'
import {planMove} from '../../actions/plan-move.ts'
import {arg, flags, ScramCommand} from '../../cli/command.ts'
import {movedView, planView} from '../../cli/views/rod.ts'

export default class RodWithdraw extends ScramCommand {
  static override summary = 'withdraw a control rod and check that it is out'
  static override aliases = ['out']
  static override examples = [{description: 'Open the API again', command: '<%= config.bin %> out api-maintenance --why "routing is healthy"'}]
  static override args = {rod: arg({required: true, description: 'name of the rod, as in `scram rod list`', complete: 'rod'})}
  static override flags = {
    why: flags.string({helpValue: 'TEXT', summary: 'reason, kept in the record'}),
    to: flags.string({helpValue: 'POSITION', summary: 'stop at this position [default: withdrawn]'}),
    'dry-run': flags.boolean({summary: 'read for real, send and record nothing'}),
  }
  static override exits = {
    0: 'the probe agrees',
    1: 'jammed',
    3: 'sent, but the probe does not agree',
    66: 'no such rod or incident',
    77: 'refused',
    78: 'a secret is missing',
  }

  async run(): Promise<object> {
    const {args, flags} = await this.parse(RodWithdraw)
    const {'dry-run': isDryRun, ...rest} = flags
    if (isDryRun) return this.show(planView(await planMove(this.desk, {rod: args.rod, to: flags.to, out: true}, this.signal)))
    return this.show(movedView(await withdrawRod(this.desk, {...rest, rod: args.rod}, this.signal)))
  }
}

import {planMove} from '../../actions/plan-move.ts'
import {withdrawRod} from '../../actions/withdraw-rod.ts'
import {arg, flags, ScramCommand} from '../../cli/command.ts'
import {liveFact} from '../../cli/live-fact.ts'
import {moveFlags, moveSaid} from '../../cli/move-flags.ts'
import {movedView, planView} from '../../cli/views/rod.ts'

export default class RodWithdraw extends ScramCommand {
  static override summary = 'withdraw a control rod and check that it is out'
  static override aliases = ['out']
  static override examples = [{description: 'Open the API again', command: '<%= config.bin %> out api-maintenance --why "routing is healthy"'}]
  static override args = {rod: arg({required: true, description: 'name of the rod, as in `scram rod list`', complete: 'rod'})}
  static override flags = {
    why: flags.string({helpValue: 'TEXT', summary: 'reason, kept in the record'}),
    to: flags.string({helpValue: 'POSITION', summary: 'stop at this position [default: withdrawn]'}),
    ...moveFlags,
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
    const {'dry-run': isDryRun, ...given} = flags
    const input = {...moveSaid(given), rod: args.rod}
    if (isDryRun) return this.show(planView(await planMove(this.desk, {...input, way: 'withdraw'}, this.signal)))
    return this.show(movedView(await withdrawRod(this.desk, {...input, onFact: liveFact(args.rod)}, this.signal)))
  }
}

import {planMove} from '../../actions/plan-move.ts'
import {withdrawRod} from '../../actions/withdraw-rod.ts'
import {arg, flags, ScramCommand} from '../../cli/command.ts'
import {liveWithdrawal} from '../../cli/live-withdrawal.ts'
import {moveFlags, moveSaid} from '../../cli/move-flags.ts'
import {planView, withdrawnView} from '../../cli/views/rod.ts'

export default class RodWithdraw extends ScramCommand {
  static override summary = 'withdraw a control rod and check that it is out'
  static override aliases = ['out']
  static override examples = [
    {description: 'Open the API again, in steps where it has a guard', command: '<%= config.bin %> out api-maintenance --why "routing is healthy"'},
    {description: 'One step, and no further', command: '<%= config.bin %> out api-maintenance --step'},
  ]
  static override args = {rod: arg({required: true, description: 'name of the rod, as in `scram rod list`', complete: 'rod'})}
  static override flags = {
    why: flags.string({helpValue: 'TEXT', summary: 'reason, kept in the record'}),
    to: flags.string({helpValue: 'POSITION', summary: 'stop at this position [default: withdrawn]'}),
    step: flags.boolean({summary: 'one step only'}),
    'at-once': flags.boolean({summary: 'without its steps and guard; wants --why'}),
    blind: flags.boolean({summary: 'your word that it is out, of a rod without a probe; wants --why'}),
    'to-previous': flags.boolean({summary: 'each target back to where it was seen before'}),
    ...moveFlags,
  }
  static override exits = {
    0: 'the probe agrees',
    1: 'jammed',
    3: 'sent, but the probe does not agree',
    4: 'held by its guard: a person decides',
    66: 'no such rod or incident',
    75: 'another process is moving it',
    77: 'refused',
    78: 'a secret is missing',
  }

  async run(): Promise<object> {
    const {args, flags} = await this.parse(RodWithdraw)
    const {'dry-run': isDryRun, 'at-once': atOnce, 'to-previous': toPrevious, ...given} = flags
    const input = {...moveSaid(given), rod: args.rod, atOnce, toPrevious}
    if (isDryRun) return this.show(planView(await planMove(this.desk, {...input, way: 'withdraw'}, this.signal)))
    return this.show(withdrawnView(await withdrawRod(this.desk, {...input, ...liveWithdrawal(args.rod)}, this.signal)))
  }
}

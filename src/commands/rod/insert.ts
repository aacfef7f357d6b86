import {LONGEST_EXPIRY_MS} from '../../actions/check-expiry.ts'
import {insertRod} from '../../actions/insert-rod.ts'
import {planMove} from '../../actions/plan-move.ts'
import {arg, flags, ScramCommand} from '../../cli/command.ts'
import {liveFact, tellBefore} from '../../cli/live-fact.ts'
import {moveFlags, moveSaid} from '../../cli/move-flags.ts'
import {movedView, planView} from '../../cli/views/rod.ts'

export default class RodInsert extends ScramCommand {
  static override summary = 'insert a control rod and check that it holds'
  static override aliases = ['in']
  static override examples = [
    {description: 'API maintenance for half an hour', command: '<%= config.bin %> rod insert api-maintenance --why "contain routing" --expires 30m'},
    {description: 'What would be sent, and how it stands now', command: '<%= config.bin %> in api-maintenance --why test --dry-run'},
  ]
  static override args = {rod: arg({required: true, description: 'name of the rod, as in `scram rod list`', complete: 'rod'})}
  static override flags = {
    why: flags.string({required: true, helpValue: 'TEXT', summary: 'reason, kept in the record'}),
    to: flags.string({helpValue: 'POSITION', summary: 'position to set [default: fully in]'}),
    expires: flags.duration({longestMs: LONGEST_EXPIRY_MS, summary: 'remind the team to withdraw it after this long [default: as the rod says, 2h]'}),
    blind: flags.boolean({summary: 'do not ask the probe; unverified at best'}),
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
    const {args, flags} = await this.parse(RodInsert)
    const {'dry-run': isDryRun, ...given} = flags
    const input = {...moveSaid(given), rod: args.rod}
    if (isDryRun) return this.show(planView(await planMove(this.desk, {...input, way: 'insert'}, this.signal)))
    return this.show(movedView(await insertRod(this.desk, {...input, onBefore: tellBefore, onFact: liveFact(args.rod)}, this.signal)))
  }
}

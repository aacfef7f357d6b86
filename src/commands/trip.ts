import {tripBank} from '../actions/trip-bank.ts'
import {arg, flags, ScramCommand} from '../cli/command.ts'
import {liveBank} from '../cli/live-bank.ts'
import {bankView} from '../cli/views/bank.ts'

export default class Trip extends ScramCommand {
  static override summary = 'insert every rod of a bank, in waves'
  static override examples = [{description: 'Stop new work, now', command: '<%= config.bin %> trip contain --why "routing is down and feeds itself"'}]
  static override args = {bank: arg({required: true, description: 'name of the bank, from `banks:` in scram.yaml', complete: 'bank'})}
  static override flags = {
    why: flags.string({required: true, helpValue: 'TEXT', summary: 'reason, kept with every rod'}),
    yes: flags.boolean({summary: 'answer the one confirmation; needed without a terminal'}),
  }
  static override exits = {
    0: 'the probe of every rod agrees',
    1: 'some jammed or were refused',
    3: 'some are unverified or partial',
    4: 'you said no: nothing was inserted',
    64: 'no terminal and no --yes',
    66: 'no such bank',
    130: 'interrupted: each line says how far it got',
  }

  async run(): Promise<object> {
    const {args, flags} = await this.parse(Trip)
    const yes = flags.yes === true
    return this.show(bankView(await tripBank(this.desk, {bank: args.bank, why: flags.why, yes, onRod: liveBank()}, this.signal)))
  }
}

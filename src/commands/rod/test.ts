import {testRods} from '../../actions/test-rod.ts'
import {arg, flags, ScramCommand} from '../../cli/command.ts'
import {testedView} from '../../cli/views/rod-test.ts'
import {Fault} from '../../lib/fault.ts'

export default class RodTest extends ScramCommand {
  static override summary = 'find out whether a rod would work, before it must'
  static override examples = [
    {description: 'Ask everything a move would ask; move nothing', command: '<%= config.bin %> rod test api-maintenance'},
    {description: 'In for a moment and out again, for real', command: '<%= config.bin %> rod test api-maintenance --exercise'},
    {description: 'All of them, in a pipeline', command: '<%= config.bin %> rod test --all'},
  ]
  static override args = {rod: arg({description: 'name of the rod, as in `scram rod list`', complete: 'rod'})}
  static override flags = {
    all: flags.boolean({summary: 'every rod of the workspace'}),
    exercise: flags.boolean({summary: 'insert, verify, withdraw, verify; refused during an incident'}),
    override: flags.string({multiple: true, helpValue: 'RULE', summary: '`incident`: exercise although one is open'}),
  }
  static override exits = {
    0: 'everything answers as it should',
    1: 'something does not',
    64: 'no rod named, or both a rod and --all',
    65: 'the rod does not check',
    66: 'no such rod',
    69: 'neither control side nor probe answers',
    77: 'refused: it is in, or an incident is open',
    78: 'a secret is missing',
  }

  async run(): Promise<object> {
    const {args, flags} = await this.parse(RodTest)
    if ((flags.all === true) === (args.rod !== undefined))
      throw new Fault('usage.missing', 'name one rod, or --all', {hints: ['scram rod list', 'scram rod test --all']})
    if (flags.all && flags.exercise) throw new Fault('usage.invalid', 'rods are exercised one at a time: name it', {hints: ['scram rod list']})
    const input = {rod: args.rod, exercise: flags.exercise === true, overrides: flags.override}
    return this.show(testedView(await testRods(this.desk, input, this.signal)))
  }
}

import {assignRole} from '../../actions/assign-role.ts'
import {arg, flags, ScramCommand, wordOf, writeFlags} from '../../cli/command.ts'
import {doneView} from '../../cli/views/done.ts'
import {ROLES} from '../../cli/words.ts'

export default class IncidentAssign extends ScramCommand {
  static override summary = 'give a role to somebody'
  static override aliases = ['assign']
  static override examples = [{description: 'Who writes to the public', command: '<%= config.bin %> assign comms --to dana'}]
  static override args = {role: arg({required: true, description: 'ic, deputy, scribe, comms, ops or sme', complete: 'role'})}
  static override flags = {
    to: flags.string({required: true, helpValue: 'NAME', summary: 'who takes it'}),
    ...writeFlags,
  }
  static override exits = {
    0: 'recorded',
    3: 'recorded, the page is behind',
    64: 'wrong or missing argument',
    66: 'no such incident',
    77: 'refused, or several incidents are open',
  }

  async run(): Promise<object> {
    const {args, flags} = await this.parse(IncidentAssign)
    return this.show(doneView(await assignRole(this.desk, {...flags, role: wordOf('role', ROLES, args.role)})))
  }
}

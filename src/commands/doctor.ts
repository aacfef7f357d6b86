import {checkSetup} from '../actions/check-setup.ts'
import {ScramCommand} from '../cli/command.ts'
import {doctorView} from '../cli/views/doctor.ts'

export default class Doctor extends ScramCommand {
  static override summary = 'check Node, record, workspace, rods, secrets, page targets'
  static override examples = [
    {description: 'Before an incident needs them', command: '<%= config.bin %> doctor'},
    {description: 'What is wrong, for a script', command: '<%= config.bin %> doctor --json | jq \'.checks[] | select(.verdict != "ok")\''},
  ]
  static override exits = {0: 'nothing failed; warnings may stand', 1: 'something failed'}

  async run(): Promise<object> {
    await this.parse(Doctor)
    return this.show(doctorView(await checkSetup(this.desk, {version: process.versions.node, path: process.execPath})))
  }
}

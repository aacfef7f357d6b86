import {checkSetup} from '../actions/check-setup.ts'
import {recoverRecord, startNewEpoch} from '../actions/recover-record.ts'
import {flags, ScramCommand} from '../cli/command.ts'
import {doctorView} from '../cli/views/doctor.ts'
import {newEpochView, recoveredView} from '../cli/views/recovered.ts'
import {Fault} from '../lib/fault.ts'

export default class Doctor extends ScramCommand {
  static override summary = 'check Node, record, workspace, rods, secrets, page targets'
  static override examples = [
    {description: 'Before an incident needs them', command: '<%= config.bin %> doctor'},
    {description: 'What is wrong, for a script', command: '<%= config.bin %> doctor --json | jq \'.checks[] | select(.verdict != "ok")\''},
    {description: 'Take in the emergency log, once the disk is well', command: '<%= config.bin %> doctor --recover'},
  ]
  static override flags = {
    recover: flags.boolean({summary: 'put a damaged record right, take in the emergency log'}),
    'new-epoch': flags.boolean({summary: 'after a restored backup or a copied machine'}),
  }
  static override exits = {
    0: 'nothing failed; warnings may stand',
    1: 'something failed, or was lost',
    64: 'both flags',
    73: 'the disk is not well yet',
    75: 'busy',
  }

  async run(): Promise<object> {
    const {flags} = await this.parse(Doctor)
    if (flags.recover && flags['new-epoch'])
      throw new Fault('usage.invalid', '--recover and --new-epoch are two different things; recover first', {hints: ['scram doctor --recover']})
    if (flags.recover) return this.show(recoveredView(await recoverRecord(this.desk)))
    if (flags['new-epoch']) return this.show(newEpochView(await startNewEpoch(this.desk)))
    return this.show(doctorView(await checkSetup(this.desk, {version: process.versions.node, path: process.execPath}, this.signal)))
  }
}

import {incidentOfCommand, recordCommand} from '../actions/record-command.ts'
import {flags, ScramCommand} from '../cli/command.ts'
import {narrate} from '../cli/stdout.ts'

export default class Exec extends ScramCommand {
  static override summary = 'run a command and record what it was and how it ended'
  static override description =
    'What stands after -- is the command; its output, stdin, signals and environment pass through. Under --json its output goes to stderr.'
  static override takesRest = true
  static override examples = [
    {description: 'Restart a service, for the record', command: '<%= config.bin %> exec -- systemctl restart router'},
    {description: 'An editor or a shell needs the terminal itself', command: '<%= config.bin %> exec --tty -- vim /etc/router.conf'},
  ]
  static override flags = {tty: flags.boolean({summary: 'hand over the terminal; no output is recorded'})}
  static override exits = {N: "the command's own exit code; 128 + n when signal n ended it", 64: 'no command given', 127: 'no such command'}

  async run(): Promise<object> {
    const {flags} = await this.parse(Exec)
    const argv = this.rest
    this.needed(argv[0] || undefined, 'command after --')
    const incident = await incidentOfCommand(this.desk)
    const {passThrough} = await import('../cli/pass-through.ts')
    const {ran, held} = await passThrough(argv, {tty: flags.tty, json: this.json})
    process.exitCode = ran.exitCode
    const {execView} = await import('../cli/views/exec.ts')
    const done = await recordCommand(this.desk, incident, {argv, ...(flags.tty && {tty: true}), ...ran})
    await this.show(execView(done, argv, ran.exitCode))
    process.exitCode = ran.exitCode
    if (held) {
      narrate('Recorded. It left a process behind that still holds its output; what comes now is in no record. Ctrl-C leaves it.')
      const {signal} = this
      await Promise.race([held.letGo, new Promise(resolve => signal.addEventListener('abort', resolve, {once: true}))])
      held.leave()
    }
    return {}
  }
}

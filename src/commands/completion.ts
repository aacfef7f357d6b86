import {arg, ScramCommand, wordOf} from '../cli/command.ts'

export default class Completion extends ScramCommand {
  static override summary = 'print the completion script of a shell'
  static override description = 'It completes commands, flags, ids of incidents and runs, rods, components and runbooks.'
  static override examples = [
    {description: 'In ~/.bashrc', command: 'eval "$(<%= config.bin %> completion bash)"'},
    {description: 'For fish', command: '<%= config.bin %> completion fish > ~/.config/fish/completions/scram.fish'},
  ]
  static override args = {shell: arg({required: true, description: 'bash, zsh or fish', complete: 'shell'})}
  static override exits = {0: 'printed', 64: 'another shell'}

  async run(): Promise<object> {
    const {args} = await this.parse(Completion)
    const {completionScript, SHELLS} = await import('../cli/completion-script.ts')
    const shell = wordOf('shell', SHELLS, args.shell)
    const script = completionScript(shell)
    return this.show({text: [script], json: {shell, script}, exit: 0})
  }
}

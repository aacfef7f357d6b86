import {completions} from '../actions/complete.ts'
import {ScramCommand} from '../cli/command.ts'

/** What the completion scripts ask on every TAB: one candidate a line, a tab, what it is. Never fails, never narrates. */
export default class Complete extends ScramCommand {
  static override summary = 'answer the completion script of a shell'
  static override hidden = true
  static override takesRest = true
  static override examples = [{description: 'What may follow', command: '<%= config.bin %> __complete -- rod ins'}]
  static override exits = {0: 'always'}
  protected override reminds = false

  async run(): Promise<object> {
    await this.parse(Complete)
    const {completeWords, FILES} = await import('../cli/complete-words.ts')
    const {manifest, names} = await import('../cli/known-commands.ts')
    const found = await completeWords(this.rest, {manifest, names, ids: kind => completions(this.desk, kind)})
    const text = found === FILES ? [FILES] : found.map(({value, description}) => `${value}\t${description}`)
    return this.show({text, json: {candidates: found}, exit: 0})
  }
}

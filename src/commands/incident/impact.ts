import {setImpact} from '../../actions/set-impact.ts'
import {arg, flags, ScramCommand, wordOf, writeFlags} from '../../cli/command.ts'
import {doneView} from '../../cli/views/done.ts'
import {PUBLIC_IMPACTS} from '../../cli/words.ts'

export default class IncidentImpact extends ScramCommand {
  static override summary = 'state the public impact'
  static override aliases = ['impact']
  static override examples = [{description: 'Only a few are affected', command: '<%= config.bin %> impact minor'}]
  static override args = {impact: arg({required: true, description: 'none, minor, major or critical', complete: 'impact'})}
  static override flags = {
    why: flags.string({helpValue: 'TEXT', summary: 'reason, kept in the record'}),
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
    const {args, flags} = await this.parse(IncidentImpact)
    return this.show(doneView(await setImpact(this.desk, {...flags, impact: wordOf('impact', PUBLIC_IMPACTS, args.impact)})))
  }
}

import {draftPostmortem} from '../../actions/draft-postmortem.ts'
import {flags, ScramCommand} from '../../cli/command.ts'
import {draftedView} from '../../cli/views/postmortem.ts'

export default class PostmortemDraft extends ScramCommand {
  static override summary = 'write the postmortem draft from the record'
  static override description = 'Computed blocks with their basis, and marked places for what only people can say. No cause is inferred.'
  static override examples = [
    {description: 'Of the incident resolved last', command: '<%= config.bin %> postmortem draft'},
    {description: 'Into a file of your repository', command: '<%= config.bin %> postmortem draft --out postmortems/routing.md'},
  ]
  static override flags = {out: flags.string({helpValue: 'FILE', summary: 'where to write it [default: drafts/ in the home of scram]'})}
  static override exits = {0: 'written', 3: 'it cannot be written there', 66: 'no incident', 77: 'the file exists, or several incidents are open'}

  async run(): Promise<object> {
    const {flags} = await this.parse(PostmortemDraft)
    return this.show(draftedView(await draftPostmortem(this.desk, flags)))
  }
}

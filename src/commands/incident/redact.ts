import {redactEntry} from '../../actions/redact-entry.ts'
import {arg, flags, ScramCommand, writeFlags} from '../../cli/command.ts'
import {doneView} from '../../cli/views/done.ts'

export default class IncidentRedact extends ScramCommand {
  static override summary = "hide an entry's text in every view and export"
  static override description = 'The record keeps its hash chain and the text stays in the journal file; only what is shown and exported changes.'
  static override aliases = ['redact']
  static override examples = [{description: 'A name that must not be shown', command: '<%= config.bin %> redact 3f9a01c2 --why "names a customer"'}]
  static override args = {entry: arg({required: true, description: 'number of an update, or the id shown in the timeline'})}
  static override flags = {
    why: flags.string({required: true, helpValue: 'TEXT', summary: 'reason, kept in the record'}),
    id: writeFlags.id,
  }
  static override exits = {
    0: 'recorded',
    3: 'recorded, the page is behind',
    64: 'wrong or missing argument',
    66: 'no such incident or entry',
    77: 'refused, or several incidents are open',
  }

  async run(): Promise<object> {
    const {args, flags} = await this.parse(IncidentRedact)
    return this.show(doneView(await redactEntry(this.desk, {...flags, entry: args.entry})))
  }
}

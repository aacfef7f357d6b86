import {amendEntry} from '../../actions/amend-entry.ts'
import {arg, flags, ScramCommand, writeFlags} from '../../cli/command.ts'
import {doneView} from '../../cli/views/done.ts'

export default class IncidentAmend extends ScramCommand {
  static override summary = 'correct an update or entry; the old text stays in its trail'
  static override aliases = ['amend']
  static override examples = [
    {
      description: 'Correct public update 2',
      command: '<%= config.bin %> amend 2 --message "A part of requests fails, not all." --why "first figures were wrong"',
    },
    {description: 'It happened earlier', command: '<%= config.bin %> amend 3f9a01c2 --at 15:49'},
  ]
  static override args = {entry: arg({required: true, description: 'number of an update, or the id shown in the timeline'})}
  static override flags = {
    message: flags.string({char: 'm', helpValue: 'TEXT', summary: 'the text as it should read; - reads stdin'}),
    at: flags.string({helpValue: 'TIME', summary: 'when it really happened: -5m, 15:52, RFC 3339'}),
    why: flags.string({helpValue: 'TEXT', summary: 'reason, kept in the record'}),
    notify: flags.boolean({summary: 'tell subscribers too'}),
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
    const {args, flags} = await this.parse(IncidentAmend)
    const {message, ...rest} = flags
    const text = message === undefined ? undefined : await this.text(message, 'message')
    return this.show(doneView(await amendEntry(this.desk, {...rest, entry: args.entry, text})))
  }
}

import {addNote} from '../../actions/add-note.ts'
import {arg, flags, ScramCommand, writeFlags} from '../../cli/command.ts'
import {doneView} from '../../cli/views/done.ts'
import {NOTE_KINDS} from '../../cli/words.ts'

export default class IncidentNote extends ScramCommand {
  static override summary = 'add an internal note to the timeline'
  static override aliases = ['note']
  static override examples = [
    {description: 'A decision, kept for the postmortem', command: '<%= config.bin %> note "roll back to r-1191" --kind decision'},
    {description: 'Output of a command', command: 'dmesg | tail | <%= config.bin %> note -'},
  ]
  static override args = {text: arg({description: 'the text; - reads stdin; absent: opens $EDITOR', complete: 'none'})}
  static override flags = {
    kind: flags.word({values: NOTE_KINDS, summary: 'what kind of note [default: note]'}),
    pin: flags.boolean({summary: 'keep it in sight in status and show'}),
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
    const {args, flags} = await this.parse(IncidentNote)
    const text = await this.text(args.text, 'text')
    return this.show(doneView(await addNote(this.desk, {...flags, text})))
  }
}

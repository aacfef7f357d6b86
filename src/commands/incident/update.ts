import {postUpdate} from '../../actions/post-update.ts'
import {proposeText} from '../../actions/propose-text.ts'
import {cancelScheduled, LONGEST_AHEAD_MS, postScheduled} from '../../actions/schedule-update.ts'
import {arg, flags, pairsToRecord, ScramCommand, writeFlags} from '../../cli/command.ts'
import {doneView} from '../../cli/views/done.ts'
import {COMPONENT_STATUSES, PUBLIC_STATUSES} from '../../cli/words.ts'
import {Fault} from '../../lib/fault.ts'

export default class IncidentUpdate extends ScramCommand {
  static override summary = 'post a public update and promise the next one'
  static override aliases = ['update']
  static override examples = [
    {
      description: 'Tell what is known',
      command: '<%= config.bin %> update "The fault is in our routers. A fix is being prepared." --status identified --next 20m',
    },
    {description: 'Written now, public in ten minutes', command: '<%= config.bin %> update "Still working on it." --in 10m'},
    {description: 'A component is back', command: '<%= config.bin %> update "Writes work again." -c api=operational'},
  ]
  static override args = {text: arg({description: 'the text; - reads stdin; absent: opens $EDITOR', complete: 'none'})}
  static override flags = {
    status: flags.word({char: 'S', values: PUBLIC_STATUSES, summary: 'public status [default: as before]'}),
    component: flags.pair({char: 'c', values: COMPONENT_STATUSES, complete: 'component', summary: 'what works how, such as api=operational'}),
    next: flags.duration({summary: 'promise the next update within this time [default: by severity]'}),
    in: flags.duration({longestMs: LONGEST_AHEAD_MS, summary: 'post it after this time, by whichever scram is alive then; held when late'}),
    ...writeFlags,
    at: flags.string({helpValue: 'TIME', summary: 'when it happened, or when it goes out: -5m, 15:52, RFC 3339 [default: now]'}),
    post: flags.string({helpValue: 'ID', exclusive: ['in', 'at', 'cancel'], summary: 'post this scheduled update now'}),
    cancel: flags.string({helpValue: 'ID', exclusive: ['in', 'at'], summary: 'do not post this scheduled update'}),
  }
  static override exits = {
    0: 'recorded',
    3: 'recorded, the page is behind',
    64: 'wrong or missing argument',
    66: 'no such incident or component',
    77: 'refused, or several incidents are open',
  }

  async run(): Promise<object> {
    const {args, flags} = await this.parse(IncidentUpdate)
    const {component: components, post, cancel, ...rest} = flags
    if (post !== undefined || cancel !== undefined) {
      if (args.text !== undefined) throw new Fault('usage.invalid', 'a scheduled update is posted or cancelled as it was written; leave the text away')
      const done = post === undefined ? cancelScheduled(this.desk, cancel ?? '') : postScheduled(this.desk, post)
      return this.show(doneView(await done))
    }
    const text = await this.text(args.text, 'text', () => proposeText(this.desk))
    return this.show(doneView(await postUpdate(this.desk, {...rest, text, components: pairsToRecord(components)})))
  }
}

import {watchRods} from '../actions/watch-rods.ts'
import {flags, ScramCommand} from '../cli/command.ts'
import {watchedView} from '../cli/views/watch.ts'
import {watchNews} from '../cli/watch-news.ts'

const EVERY_MS = 15_000

export default class Watch extends ScramCommand {
  static override summary = 'keep an eye on the rods that are in'
  static override description =
    'Looks whether each still stands where it was verified, reminds of its expiry, and starts the guarded withdrawal of one that asked for a release. It never inserts.'
  static override examples = [
    {description: 'Until Ctrl-C, beside an incident', command: '<%= config.bin %> watch'},
    {description: 'One look, from a timer', command: '<%= config.bin %> watch --once --json'},
  ]
  static override flags = {
    once: flags.boolean({summary: 'look once and come back'}),
    every: flags.duration({summary: 'how often [default: 15s, at least 1s]'}),
  }
  static override exits = {0: 'looked once, all as recorded', 1: 'a rod drifted or could not be looked at', 130: 'ended by Ctrl-C'}

  protected override actorKind = 'watch' as const

  async run(): Promise<object> {
    const {flags} = await this.parse(Watch)
    const isOnce = flags.once === true
    const news = watchNews(this.json, isOnce)
    const everyMs = Math.max(flags.every ?? EVERY_MS, 1000)
    await watchRods(this.desk, {everyMs, once: isOnce, tell: news.tell}, this.signal)
    return this.show(watchedView(news.seen()))
  }
}

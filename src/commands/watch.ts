import {watch} from '../actions/watch.ts'
import {flags, ScramCommand} from '../cli/command.ts'
import {watchedView} from '../cli/views/watch.ts'
import {type WatchTeller, watchTeller} from '../cli/watch-news.ts'

const EVERY_MS = 15_000

export default class Watch extends ScramCommand {
  static override summary = 'live board; does what is due and keeps an eye on the rods'
  static override description =
    'Posts scheduled updates, reminds of promises and expiries, tries the page again, looks for drift, and starts the guarded withdrawal of a rod that asked for one. It never goes on with a run and never inserts.'
  static override examples = [
    {description: 'Until Ctrl-C, beside an incident', command: '<%= config.bin %> watch'},
    {description: 'One look, from a timer', command: '<%= config.bin %> watch --once --json'},
  ]
  static override flags = {
    once: flags.boolean({summary: 'look once, do what is due, and come back'}),
    every: flags.duration({summary: 'how often to look at the rods [default: 15s, at least 1s]'}),
  }
  static override exits = {0: 'looked once, all as recorded', 1: 'a rod drifted, or something could not be done', 130: 'ended by Ctrl-C'}

  protected override actorKind = 'watch' as const
  #teller: WatchTeller | undefined

  async run(): Promise<object> {
    const {flags} = await this.parse(Watch)
    const isOnce = flags.once === true
    const teller = watchTeller({json: this.json, isOnce})
    this.#teller = teller
    try {
      const everyMs = Math.max(flags.every ?? EVERY_MS, 1000)
      await watch(this.desk, {everyMs, once: isOnce, tell: teller.tell}, this.signal)
    } finally {
      teller.end()
    }
    return this.show(watchedView(teller.seen()))
  }

  protected override beforeDeath(): void {
    this.#teller?.end()
  }
}

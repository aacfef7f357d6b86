import {Command} from '@oclif/core/command'
import type {Input, ParserOutput} from '@oclif/core/interfaces'
import type {Desk} from '../actions/desk.ts'
import type {Actor} from '../incident/events.ts'
import type {Trouble} from '../journal/journal.ts'
import {Fault} from '../lib/fault.ts'
import {makeDesk, type OpenDesk} from './desk.ts'
import type {ExitCode} from './exit.ts'
import {flags} from './flags.ts'
import {wantsJson} from './json-flag.ts'
import {narrate, printJson, printLines} from './stdout.ts'
import type {View} from './view.ts'

/** `--at` and `--id`: what every recording command takes. */
export const writeFlags = {
  at: flags.string({helpValue: 'TIME', summary: 'when it happened: -5m, 15:52, RFC 3339 [default: now]'}),
  id: flags.string({helpValue: 'UUID', summary: 'makes repeating this command harmless'}),
}

/** One Ctrl-C may come twice: `timeout` and npm signal the process and then its group. It is still one person's word. */
const SAME_PRESS_MS = 500

function dieOf(signal: 'SIGINT' | 'SIGTERM'): void {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}

/**
 * The base of every command: parses, hands out the desk (openers only) and the signal, prints a view, closes the journal
 * and reminds. It does no work before the command does.
 */
export abstract class ScramCommand extends Command {
  static override baseFlags = {
    incident: flags.string({helpValue: 'ID', complete: 'incident', summary: 'which incident: any unique part of its id'}),
    workspace: flags.string({helpValue: 'DIR', summary: 'folder with scram.yaml [default: found upward]'}),
    json: flags.boolean({summary: 'one JSON object on stdout, same exit code'}),
  }
  /** Exit code → when. Shown at the end of the help. */
  static exits: Readonly<Record<string, string>> = {0: 'done'}
  /** Everything after `--` belongs to another program: it is not parsed, and `this.rest` has it untouched. */
  static takesRest = false

  /** Parses, calls one action, shows one view. Always an object: under --json nothing falsy can be the answer. */
  abstract override run(): Promise<object>

  #desk: OpenDesk | undefined
  #abort: AbortController | undefined
  #hasToldTrouble = false
  #given: {incident?: string; workspace?: string} = {}
  /** What stood after `--`, with `static override takesRest = true`. oclif would sort repeated words among it. */
  protected rest: readonly string[] = []
  /** Whom the record names as the one who acts. */
  protected actorKind: Actor['kind'] = 'person'
  /** Views that show the clock themselves need no reminder below them. */
  protected reminds = true

  get json(): boolean {
    return wantsJson(this.argv)
  }

  protected override async parse<F extends object, B extends object, A extends object>(
    options?: Input<F, B, A>,
    argv = this.argv,
  ): Promise<ParserOutput<F, B, A>> {
    const {takesRest} = this.ctor as typeof ScramCommand // oclif types it as its own base class
    const end = takesRest ? argv.indexOf('--') : -1
    if (end >= 0) this.rest = argv.slice(end + 1)
    const parsed = await super.parse<F, B, A>(options, end < 0 ? argv : argv.slice(0, end))
    this.#given = parsed.flags as {incident?: string; workspace?: string} // base flags, on every command
    return parsed
  }

  /** Openers; nothing is opened yet. Synchronous: `openDesk` loads what it needs when it is asked. */
  protected get desk(): Desk {
    this.#desk ??= makeDesk({...this.#given, actorKind: this.actorKind, json: this.json, narrate})
    return this.#desk
  }

  /** Ctrl-C and SIGTERM abort it once; a second one, later than the same press may echo, kills. Commands that never ask for it die at once, which is safe. */
  protected get signal(): AbortSignal {
    if (!this.#abort) {
      const controller = new AbortController()
      this.#abort = controller
      let firstMs: number | null = null
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.on(signal, () => {
          const nowMs = performance.now()
          if (firstMs === null) controller.abort(new DOMException(`interrupted by ${signal}`, 'AbortError'))
          else if (nowMs - firstMs > SAME_PRESS_MS) {
            this.beforeDeath()
            dieOf(signal)
          }
          firstMs ??= nowMs
        })
      }
    }
    return this.#abort.signal
  }

  /** A second Ctrl-C ends the process where it stands: whoever drew on the terminal puts it back first. */
  protected beforeDeath(): void {}

  /** Prints what was recorded and answers with its JSON; a journal in trouble speaks up and changes 0 and 3 to 73. */
  protected async show(view: View): Promise<object> {
    const trouble = this.#tellTrouble()
    const isEmergency = trouble.some(({code}) => code === 'emergency')
    const json = isEmergency ? {...view.json, recordedIn: 'emergency log'} : view.json
    for (const line of view.narration ?? []) narrate(line)
    if (this.json) printJson(json)
    else printLines(view.text)
    const code: ExitCode = isEmergency && (view.exit === 0 || view.exit === 3) ? 73 : view.exit
    if (code !== 0) process.exitCode = code
    return json
  }

  /** What the journal could not do as promised, said once: before a result, and with an error, which it may explain. */
  #tellTrouble(): readonly Trouble[] {
    const trouble = this.#desk?.trouble() ?? []
    if (this.#hasToldTrouble) return trouble
    this.#hasToldTrouble = true
    for (const {message, hints} of trouble) narrate([`! ${message}`, ...hints.map(hint => `  ${hint}`)].join('\n'))
    return trouble
  }

  /** A required value that oclif could not require. */
  protected needed<T>(value: T | undefined, name: string): T {
    if (value !== undefined) return value
    throw new Fault('usage.missing', `missing ${name.toUpperCase()}`, {hints: [`scram help ${this.id?.replaceAll(':', ' ')}`]})
  }

  /** The text convention: the argument, `-` for stdin, absent: $EDITOR on a terminal, with what `propose` has to say. @throws Fault text.* usage.missing */
  protected async text(given: string | undefined, name: string, propose: () => Promise<string> = async () => ''): Promise<string> {
    if (given !== undefined && given !== '-') {
      if (given.trim() === '') throw new Fault('text.empty', `the ${name} is empty`)
      return given
    }
    const {textFromEditor, textFromStdin} = await import('./text-input.ts')
    return given === '-' ? textFromStdin(name) : textFromEditor(name, this.json, this.json ? '' : await propose())
  }

  /**
   * What the entry calls instead of oclif's own `run`, which reads a configuration, sets globals and prints errors with
   * argv in them. Errors leave as they were thrown: `main` reports them, once.
   */
  async start(): Promise<void> {
    try {
      await this.run()
      await this.#remind()
    } catch (error) {
      this.#tellTrouble()
      if (error instanceof Fault) await this.#remind()
      throw error
    } finally {
      await this.#desk?.close()
    }
  }

  /** After a command that recorded something: what is due is done, then the person is reminded of what is theirs. */
  async #remind(): Promise<void> {
    const desk = this.#desk
    if (!desk?.board()) return
    const {isAnythingDue, reminders} = await import('./reminders.ts')
    if (desk.hasRecorded() && (await isAnythingDue(desk))) await (await import('./fire-after.ts')).fireAfterCommand(desk)
    if (this.reminds) for (const line of await reminders(desk)) narrate(line)
  }
}

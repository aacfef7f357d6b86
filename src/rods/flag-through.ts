import {basename, dirname, join} from 'node:path'
import {Fault, type FaultCode} from '../lib/fault.ts'
import {randomBytes} from '../lib/random.ts'
import type {FlagFile, FlagFileOptions} from './flag-file.ts'
import {shownText} from './flag-here.ts'
import {type Prefix, runThrough, said} from './through.ts'

/**
 * What a path may be made of where the other side joins the arguments for a shell (ssh does): nothing that any shell
 * reads as more than a letter.
 */
export const PLAIN_PATH = /^\/[A-Za-z0-9._/+-]+$/

/**
 * A flag file behind an argv prefix. Every command is `test`, `touch`, `rm`, `cat`, `dd` or `mv` with plain words, so that
 * it means the same with and without a shell over there; what the file shall say goes by stdin and is never a word.
 *
 * Exit 1 is no answer about the file: `docker exec` without its container, a login shell that lets nobody in and a file
 * that is not there all say 1. So presence and absence are both asked for, and only a yes (0) is believed.
 *
 * Each move begins with a question that moves nothing. Without an answer to it the move was never sent, which is
 * `unreachable`; once the moving command was, it is `unanswered`.
 */
export function flagThrough(prefix: Prefix, {path, hasContent}: FlagFileOptions, cwd: string): FlagFile {
  const words = wordsFor(path, hasContent)
  const shownPrefix = prefix.join(' ').slice(0, 100)
  const shown = (command: readonly string[]) => `run ${JSON.stringify([...prefix, ...command])}`

  /** Stdout of a command that said yes. @throws Fault `silent` for no answer, rod.refused for a no */
  const demand = async (command: readonly string[], silent: FaultCode, signal: AbortSignal, input?: string): Promise<string> => {
    const answer = await runThrough(prefix, command, {cwd, ...(input !== undefined && {input})}, signal)
    const after = silent === 'rod.unanswered' && 'none' in answer && answer.wasStarted ? `${path} may be moved` : `${path} was not touched`
    const fault = (code: FaultCode, reason: string) => new Fault(code, `${shownPrefix}: ${command[0]}: ${reason}; ${after}`)
    if ('none' in answer) throw fault(answer.wasStarted ? silent : 'rod.refused', answer.none)
    if (answer.exit !== 0) throw fault('rod.refused', `exit ${answer.exit}${said(answer)}${command === words.writable ? ` (${WRITABLE})` : ''}`)
    return `${shownPrefix}: ${command[0]} ${path} exit 0`
  }
  /** Beside it first, so that nobody ever reads a half. */
  const replace = async (text: string, signal: AbortSignal) => {
    const temporary = words.temporary(Buffer.from(randomBytes(6)).toString('hex'))
    try {
      await demand(words.write(temporary), 'rod.unreachable', signal, text)
      return await demand(words.moveOver(temporary), 'rod.unanswered', signal)
    } catch (error) {
      if (error instanceof Fault && error.code === 'rod.refused') await runThrough(prefix, words.remove(temporary), {cwd}, signal)
      throw error
    }
  }

  return {
    plan(text) {
      if (text === null) return [shown(words.writable), shown(words.remove(path))]
      if (!hasContent) return [shown(words.writable), shown(words.create)]
      const temporary = words.temporary('{random}')
      return [shown(words.writable), `${shown(words.write(temporary))} with ${shownText(text)} on stdin`, shown(words.moveOver(temporary))]
    },
    async put(text, signal) {
      signal.throwIfAborted()
      await demand(words.writable, 'rod.unreachable', signal)
      if (text !== null && hasContent) return replace(text, signal)
      return demand(text === null ? words.remove(path) : words.create, 'rod.unanswered', signal)
    },
    async look(signal) {
      signal.throwIfAborted()
      const [yes, no] = await Promise.all([words.there, words.absent].map(command => runThrough(prefix, command, {cwd}, signal)))
      const isThere = yes !== undefined && 'exit' in yes && yes.exit === 0
      const isAbsent = no !== undefined && 'exit' in no && no.exit === 0
      if (isThere && !isAbsent) return {is: 'there', text: yes.stdout, evidence: `${shownPrefix}: ${words.there[0]} ${path} exit 0`}
      if (isAbsent && !isThere) return {is: 'absent', evidence: `${shownPrefix}: ${path} is not there`}
      if (isThere || yes === undefined) return {is: 'unknown', evidence: `${shownPrefix}: ${path} is there and is not`}
      const reason = 'none' in yes ? yes.none : `neither ${path} nor its absence is seen (exit ${yes.exit}${said(yes)})`
      return {is: 'unknown', evidence: `${shownPrefix}: ${reason}`}
    },
    advise: async () => [],
  }
}

const WRITABLE = 'the folder must be there, and what is moved no link and no folder'

/** The whole vocabulary. `-a` is read alike by dash, bash, zsh, fish and the program `test`: no operand looks like an operator. */
function wordsFor(path: string, hasContent: boolean) {
  const folder = dirname(path)
  return {
    writable: ['test', '-d', folder, '-a', '!', '-h', path, '-a', '!', '-d', path],
    there: hasContent ? ['cat', '--', path] : ['test', '-f', path],
    absent: ['test', '-d', folder, '-a', '!', '-e', path],
    create: ['touch', '--', path],
    remove: (file: string) => ['rm', '-f', '--', file],
    temporary: (random: string) => join(folder, `.${basename(path).slice(0, 100)}.${random}.tmp`),
    write: (temporary: string) => ['dd', `of=${temporary}`],
    moveOver: (temporary: string) => ['mv', '-f', '--', temporary, path],
  }
}

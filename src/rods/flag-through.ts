import {basename, dirname, join} from 'node:path'
import {BRIEF, bareEnv, type ChildCall, type ChildEnd, cutShort, lastWords, runChild} from '../lib/child.ts'
import {throwIfInterrupted} from '../lib/deadline.ts'
import {Fault} from '../lib/fault.ts'
import {randomBytes} from '../lib/random.ts'
import type {FlagFile, FlagFileOptions} from './flag-file.ts'
import {shownText} from './flag-here.ts'

/**
 * What a path may be made of where the other side joins the arguments for a shell (ssh does): nothing that any shell
 * reads as more than a letter.
 */
export const PLAIN_PATH = /^\/[A-Za-z0-9._/+-]+$/

export type Prefix = readonly [string, ...string[]]

const TIMEOUT_MS = 20_000
const RANDOM = '{random}'

/**
 * A flag file behind an argv prefix: `[ssh, web1]`, `[docker, exec, app]`, `[sudo]`. Every command is `test`, `touch`,
 * `rm`, `cat`, `dd` or `mv` with plain words, so that it means the same with and without a shell over there; what the
 * file shall say goes by stdin and is never a word.
 *
 * Exit codes: 255 (ssh: no connection, or one that was lost), 124 (`timeout`) and 128 and above (ended by a signal) are no
 * answer. 1 alone is no answer about the file either: `docker exec` without its container, a login shell that lets nobody
 * in and a file that is not there all say 1. So both presence and absence are asked for, and only a yes (0) is believed.
 *
 * Each move begins with a question that moves nothing. Without an answer to it the move was never sent, which is
 * `unreachable`; once the moving command was, it is `unanswered`.
 */
export function flagThrough(prefix: Prefix, {path, hasContent}: FlagFileOptions, cwd: string): FlagFile {
  const folder = dirname(path)
  const absent = ['test', '-d', folder, '-a', '!', '-e', path]
  const there = hasContent ? ['cat', '--', path] : ['test', '-f', path]
  const writable = ['test', '-d', folder, '-a', '!', '-h', path, '-a', '!', '-d', path]
  const shownPrefix = prefix.join(' ').slice(0, 100)

  const run = async (words: readonly string[], signal: AbortSignal, input?: string): Promise<Answer> => {
    const [program, ...rest] = prefix
    const call: ChildCall = {
      argv: [program, ...rest, ...words],
      cwd,
      env: bareEnv(agent()),
      timeoutMs: TIMEOUT_MS,
      ...BRIEF,
      ...(input !== undefined && {input}),
    }
    const end = await runChild(call, signal)
    throwIfInterrupted(signal)
    return answerOf(end, call)
  }
  const fault = (code: 'rod.refused' | 'rod.unreachable' | 'rod.unanswered', reason: string, after: string) =>
    new Fault(code, `${shownPrefix}: ${reason}; ${after}`)

  /** The question that moves nothing. */
  const ask = async (signal: AbortSignal) => {
    const answer = await run(writable, signal)
    if ('none' in answer) throw fault(answer.wasStarted ? 'rod.unreachable' : 'rod.refused', answer.none, `${path} was not touched`)
    if (answer.exit === 0) return
    throw fault('rod.refused', `exit ${answer.exit}${said(answer)}`, `${path} was not touched: its folder must be there, and it must be no link and no folder`)
  }
  const move = async (words: readonly string[], signal: AbortSignal) => {
    const answer = await run(words, signal)
    if ('none' in answer) throw fault(answer.wasStarted ? 'rod.unanswered' : 'rod.refused', answer.none, `${words[0]} ${path} may have acted`)
    if (answer.exit !== 0) throw fault('rod.refused', `${words[0]} exit ${answer.exit}${said(answer)}`, `${path} was not touched`)
    return `${shownPrefix}: ${words[0]} ${path} exit 0`
  }
  /** Beside it, so that nobody ever reads a half; not moved yet, so that no answer means nothing has happened. */
  const write = async (text: string, temporary: string, signal: AbortSignal) => {
    const answer = await run(writeTo(temporary), signal, text)
    if ('none' in answer) throw fault(answer.wasStarted ? 'rod.unreachable' : 'rod.refused', answer.none, `${path} was not touched`)
    if (answer.exit !== 0) throw fault('rod.refused', `dd exit ${answer.exit}${said(answer)}`, `${path} was not touched`)
  }
  const temporaryAt = (random: string) => join(folder, `.${basename(path).slice(0, 100)}.${random}.tmp`)
  const moveOver = (temporary: string) => ['mv', '-f', '--', temporary, path]
  const shown = (words: readonly string[]) => `run ${JSON.stringify([...prefix, ...words])}`

  return {
    plan(text) {
      if (text === null) return [shown(writable), shown(remove(path))]
      if (!hasContent) return [shown(writable), shown(create(path))]
      const temporary = temporaryAt(RANDOM)
      return [shown(writable), `${shown(writeTo(temporary))} with ${shownText(text)} on stdin`, shown(moveOver(temporary))]
    },
    async put(text, signal) {
      signal.throwIfAborted()
      await ask(signal)
      if (text === null) return move(remove(path), signal)
      if (!hasContent) return move(create(path), signal)
      const temporary = temporaryAt(Buffer.from(randomBytes(6)).toString('hex'))
      try {
        await write(text, temporary, signal)
        return await move(moveOver(temporary), signal)
      } catch (error) {
        if (error instanceof Fault && error.code === 'rod.refused') await run(remove(temporary), signal)
        throw error
      }
    },
    async look(signal) {
      signal.throwIfAborted()
      const [yes, no] = await Promise.all([run(there, signal), run(absent, signal)])
      const isThere = 'exit' in yes && yes.exit === 0
      const isAbsent = 'exit' in no && no.exit === 0
      if (isThere && !isAbsent) return {is: 'there', text: yes.stdout, evidence: `${shownPrefix}: ${there[0]} ${path} exit 0`}
      if (isAbsent && !isThere) return {is: 'absent', evidence: `${shownPrefix}: ${path} is not there`}
      const reason = isThere
        ? `${path} is there and is not`
        : 'none' in yes
          ? yes.none
          : `neither ${path} nor its absence is seen (exit ${yes.exit}${said(yes)})`
      return {is: 'unknown', evidence: `${shownPrefix}: ${reason}`}
    },
    advise: async () => [],
  }
}

const create = (path: string) => ['touch', '--', path]
const remove = (path: string) => ['rm', '-f', '--', path]
const writeTo = (path: string) => ['dd', `of=${path}`]

/** `none`: no answer, and why; `wasStarted` false when there was not even a program to run. */
type Answer = {readonly exit: number; readonly stdout: string; readonly stderr: string} | {readonly none: string; readonly wasStarted: boolean}

function answerOf(end: ChildEnd, call: ChildCall): Answer {
  if (end.notStarted !== null) return {none: `cannot be run (${end.notStarted})`, wasStarted: false}
  const reason = cutShort(end, call)
  if (reason !== null) return {none: reason, wasStarted: true}
  const {stdout, stderr, cut} = end
  const exit = end.exitCode ?? 255
  if (exit === 124 || exit >= 128) return {none: `no answer, exit ${exit}${said({stderr})}`, wasStarted: true}
  if (cut) return {none: 'the answer is too long', wasStarted: true}
  return {exit, stdout, stderr}
}

function said({stderr}: {readonly stderr: string}): string {
  const words = lastWords(stderr)
  return words === '' ? '' : `: ${words}`
}

/** Without it ssh finds no key that lives in an agent. */
function agent(): Record<string, string> {
  const socket = process.env['SSH_AUTH_SOCK']
  return socket === undefined ? {} : {SSH_AUTH_SOCK: socket}
}

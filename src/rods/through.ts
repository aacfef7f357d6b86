import {BRIEF, bareEnv, type ChildCall, type ChildEnd, cutShort, lastWords, runChild} from '../lib/child.ts'
import {throwIfInterrupted} from '../lib/deadline.ts'

/** What comes before each command: `[ssh, web1]`, `[docker, exec, app]`, `[sudo, -n]`. */
export type Prefix = readonly [string, ...string[]]

/** `none`: no answer, and why; `wasStarted` false when there was not even a program to run. */
export type Answer = {readonly exit: number; readonly stdout: string; readonly stderr: string} | {readonly none: string; readonly wasStarted: boolean}

const TIMEOUT_MS = 20_000

/**
 * Runs `words` behind the prefix. 255 (ssh: no connection, or one that was lost), 124 (`timeout`) and 128 and above (ended
 * by a signal) are no answer. Does not reject, but with a person's abort.
 */
export async function runThrough(
  [program, ...rest]: Prefix,
  words: readonly string[],
  where: {cwd: string; input?: string},
  signal: AbortSignal,
): Promise<Answer> {
  const call: ChildCall = {argv: [program, ...rest, ...words], env: bareEnv(agent()), timeoutMs: TIMEOUT_MS, ...BRIEF, ...where}
  const end = await runChild(call, signal)
  throwIfInterrupted(signal)
  return answerOf(end, call)
}

/** `: ` and the last line of stderr; nothing where nothing was said. */
export function said({stderr}: {readonly stderr: string}): string {
  const words = lastWords(stderr)
  return words === '' ? '' : `: ${words}`
}

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

/** Without it ssh finds no key that lives in an agent. */
function agent(): Record<string, string> {
  const socket = process.env['SSH_AUTH_SOCK']
  return socket === undefined ? {} : {SSH_AUTH_SOCK: socket}
}

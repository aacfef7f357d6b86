import type {Position} from '../../incident/events.ts'
import {BRIEF, bareEnv, type ChildCall, cutShort, runChild} from '../../lib/child.ts'
import {throwIfInterrupted} from '../../lib/deadline.ts'
import {sha256Hex} from '../../lib/sha256.ts'
import {shellQuote} from '../../lib/text.ts'
import type {Probe} from '../rod.ts'
import {lookOf} from './expectation.ts'

/** What the command answers in one position; all that is named must be so. `stdout` is compared whole, trimmed. */
export interface CommandExpectation {
  readonly exit?: number | undefined
  readonly stdout?: string | undefined
}

export interface CommandProbeOptions {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly timeoutMs: number
  readonly expect: ReadonlyMap<Position, CommandExpectation>
}

/** Looks through a command of the workspace. One that cannot be run, or takes too long, saw nothing: unknown. */
export function commandProbe({argv, cwd, timeoutMs, expect}: CommandProbeOptions): Probe {
  const [command = '', ...rest] = argv
  // The file may say anything; what is recorded and printed is one printable line.
  const shown = shellQuote(command)
  return {
    name: `command ${argv.map(shellQuote).join(' ')}`,
    reaches: [{command}],
    maskedBy: [],
    async look(signal) {
      const call: ChildCall = {argv: [command, ...rest], env: bareEnv({}), cwd, timeoutMs, ...BRIEF}
      const end = await runChild(call, signal)
      throwIfInterrupted(signal)
      if (end.notStarted !== null) return {position: 'unknown', fits: [], evidence: `${shown} cannot be run (${end.notStarted})`}
      const reason = cutShort(end, call)
      if (reason !== null) return {position: 'unknown', fits: [], evidence: `${shown}: ${reason}`}
      const {exitCode, stdout} = end
      const evidence = `${shown} exit ${exitCode}, stdout ${sha256Hex(stdout).slice(0, 8)}`
      return lookOf(expect, expected => (expected.exit ?? exitCode) === exitCode && (expected.stdout ?? stdout.trim()) === stdout.trim(), evidence)
    },
  }
}

import type {Position} from '../../incident/events.ts'
import {sha256Hex} from '../../lib/sha256.ts'
import {commandEnv} from '../command-env.ts'
import type {Probe} from '../rod.ts'
import {runCommand} from '../run-command.ts'
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
  const [command = ''] = argv
  return {
    name: `command ${argv.join(' ')}`,
    reaches: [{command}],
    maskedBy: [],
    async look(signal) {
      const end = await runCommand({argv, env: commandEnv({}), cwd, timeoutMs}, signal)
      if (end.how === 'not-started') return {position: 'unknown', fits: [], evidence: `${command} cannot be run (${end.errno})`}
      if (end.how === 'ended') return {position: 'unknown', fits: [], evidence: `${command}: ${end.reason}`}
      const {code, stdout} = end
      const evidence = `${command} exit ${code}, stdout ${sha256Hex(stdout).slice(0, 8)}`
      return lookOf(expect, expected => (expected.exit ?? code) === code && (expected.stdout ?? stdout.trim()) === stdout.trim(), evidence)
    },
  }
}

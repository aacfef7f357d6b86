import type {Json} from '../../lib/canonical.ts'
import {shellQuote} from '../../lib/text.ts'
import {commandEnv} from '../command-env.ts'
import {runCommand} from '../run-command.ts'
import {type Gauge, shownValue} from './gauge.ts'

export interface CommandGaugeOptions {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly timeoutMs: number
}

/** The value is what the command prints, trimmed: a number where it is one, else text. Any exit but 0 measured nothing. */
export function commandGauge({argv, cwd, timeoutMs}: CommandGaugeOptions): Gauge {
  const [command = ''] = argv
  const name = `command ${argv.map(shellQuote).join(' ')}`
  return {
    name,
    reaches: [{command}],
    async read(signal) {
      const end = await runCommand({argv, env: commandEnv({}), cwd, timeoutMs}, signal)
      if (end.how === 'not-started') return {value: undefined, evidence: `${name}: it cannot be run (${end.errno})`}
      if (end.how === 'ended') return {value: undefined, evidence: `${name}: ${end.reason}`}
      if (end.code !== 0) return {value: undefined, evidence: `${name}: exit ${end.code}`}
      const value = printedValue(end.stdout.trim())
      return {value, evidence: value === undefined ? `${name}: it printed nothing` : `${name} = ${shownValue(value)}`}
    },
  }
}

const NUMBER = /^-?\d{1,15}(?:\.\d{1,15})?$/

function printedValue(text: string): Json | undefined {
  if (text === '') return undefined
  return NUMBER.test(text) ? Number(text) : text
}

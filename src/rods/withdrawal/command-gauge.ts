import type {Json} from '../../lib/canonical.ts'
import {BRIEF, bareEnv, type ChildCall, cutShort, runChild} from '../../lib/child.ts'
import {throwIfInterrupted} from '../../lib/deadline.ts'
import {shellQuote} from '../../lib/text.ts'
import {type Gauge, shownValue} from './gauge.ts'

export interface CommandGaugeOptions {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly timeoutMs: number
}

/** The value is what the command prints, trimmed: a number where it is one, else text. Any exit but 0 measured nothing. */
export function commandGauge({argv, cwd, timeoutMs}: CommandGaugeOptions): Gauge {
  const [command = '', ...rest] = argv
  const name = `command ${argv.map(shellQuote).join(' ')}`
  return {
    name,
    reaches: [{command}],
    async read(signal) {
      const call: ChildCall = {argv: [command, ...rest], env: bareEnv({}), cwd, timeoutMs, ...BRIEF}
      const end = await runChild(call, signal)
      throwIfInterrupted(signal)
      if (end.notStarted !== null) return {value: undefined, evidence: `${name}: it cannot be run (${end.notStarted})`}
      const reason = cutShort(end, call)
      if (reason !== null) return {value: undefined, evidence: `${name}: ${reason}`}
      if (end.exitCode !== 0) return {value: undefined, evidence: `${name}: exit ${end.exitCode}`}
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

import type {JsonMap} from './ports.ts'
import type {RunStep} from './runbook.ts'

/** What a command would be, with the variables it is given; secrets by their reference. */
export function commandLines(step: RunStep, sent: JsonMap): readonly [string, ...string[]] {
  const env = Object.keys(step.env).map(name => `${name}=${word(String((sent['env'] as Record<string, string>)[name]))}`) // `sentOf` made it
  const secrets = Object.entries(step.secrets).map(([name, reference]) => `${name} from ${reference}`)
  return [
    step.script === null ? commandLine(sent['argv']) : step.script.trimEnd().split('\n').join(' ⏎ '),
    ...(env.length > 0 ? [`with ${env.join(', ')}`] : []),
    ...(secrets.length > 0 ? [`secrets ${secrets.join(', ')}`] : []),
  ]
}

/** A command as one reads it; a run never goes through a shell with it. */
export function commandLine(argv: unknown): string {
  return (argv as readonly string[]).map(word).join(' ') // `sentOf` made it
}

/** Where a value begins and ends is part of the effect: `rm "a b"` is not `rm a b`. */
function word(item: string): string {
  return /^[\w./:@%+=,‹›?-]+$/.test(item) ? item : JSON.stringify(item)
}

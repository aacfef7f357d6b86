import type {Names} from './manifest.ts'

/** No command is longer (`rod insert` is two). */
const MOST_WORDS = 3

/** The longest run of leading words that names a command, and what is left of them. */
export function resolveCommand(names: Names, argv: readonly string[]): {id: string; rest: readonly string[]} | undefined {
  for (let words = Math.min(MOST_WORDS, argv.length); words > 0; words--) {
    const name = argv.slice(0, words).join(':')
    if (Object.hasOwn(names, name)) return {id: names[name] ?? name, rest: argv.slice(words)}
  }
  return undefined
}

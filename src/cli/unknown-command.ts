import {Fault} from '../lib/fault.ts'
import {nearest} from '../lib/nearest.ts'
import {names} from '../names.ts'

/** A topic alone (`scram rod`) is a question; anything else is a typing error. @throws Fault usage.invalid */
export async function unknownCommand(argv: readonly string[]): Promise<void> {
  const words = argv.filter(word => !word.startsWith('-'))
  const known = Object.keys(names).filter(name => !name.startsWith('__'))
  if (known.some(name => name.startsWith(`${words.join(':')}:`))) return (await import('./help.ts')).showHelp(argv)
  const [first = '', second] = words
  const spaced = known.map(name => name.replaceAll(':', ' '))
  const isTopic = second !== undefined && known.some(name => name.startsWith(`${first}:`))
  const near =
    (isTopic ? nearest(`${first} ${second}`, spaced) : nearest(first, spaced)) ?? (second === undefined ? undefined : nearest(`${first} ${second}`, spaced))
  const typed = (isTopic ? `${first} ${second}` : first).slice(0, MOST_SHOWN)
  throw new Fault('usage.invalid', `there is no command "${typed}"`, {
    hints: [...(near === undefined ? [] : [`scram ${near}`]), isTopic ? `scram help ${first}` : 'scram help'],
  })
}

const MOST_SHOWN = 60

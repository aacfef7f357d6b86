import {nearest} from '../lib/nearest.ts'
import {Fault} from '../lib/fault.ts'
import {baked, type Loaders, type Manifest} from './manifest.ts'
import {report, wantsJson} from './report.ts'

/**
 * argv → one command. The command is the longest run of up to three leading words that is an id or an alias of the baked
 * manifest; only its chunk is loaded. Nobody below calls `process.exit`: the exit code is set, the process ends by itself.
 */
export async function main(argv: readonly string[], loaders: Loaders): Promise<void> {
  guardLastResort(wantsJson(argv))
  try {
    await dispatch(argv, loaders)
  } catch (error) {
    process.exitCode = await report(error, wantsJson(argv))
  }
}

async function dispatch(argv: readonly string[], loaders: Loaders): Promise<void> {
  const {manifest, version} = baked()
  const [first] = argv
  if (first === '--version' || first === '-V') {
    process.stdout.write(`scram/${version} ${process.platform}-${process.arch} node-${process.version}\n`)
    return
  }
  if (first === 'help' || asksForHelp(argv)) return (await import('./help.ts')).showHelp(manifest, argv)
  const found = first === undefined || first.startsWith('-') ? {id: 'status', rest: argv} : resolve(manifest, argv)
  if (!found) return unknownCommand(manifest, argv)
  const load = loaders[found.id]
  if (!load) throw new Error(`no loader for ${found.id}`)
  const [{default: Command}, {commandConfig}, {quietStdout}] = await Promise.all([load(), import('./command-config.ts'), import('./stdout.ts')])
  quietStdout()
  await Command.run([...found.rest], commandConfig())
}

/** The longest prefix of words that names a command. */
export function resolve(manifest: Manifest, argv: readonly string[]): {id: string; rest: readonly string[]} | undefined {
  for (let words = Math.min(3, argv.length); words > 0; words--) {
    const name = argv.slice(0, words).join(':')
    const id = manifest[name] ? name : Object.values(manifest).find(({aliases}) => aliases.includes(name))?.id
    if (id !== undefined) return {id, rest: argv.slice(words)}
  }
  return undefined
}

function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return (end < 0 ? argv : argv.slice(0, end)).some(word => word === '--help' || word === '-h')
}

/** A topic alone (`scram rod`) is a question; anything else is a typing error. */
async function unknownCommand(manifest: Manifest, argv: readonly string[]): Promise<void> {
  const words = argv.filter(word => !word.startsWith('-'))
  const isTopic = Object.keys(manifest).some(id => id.startsWith(`${words.join(':')}:`))
  if (isTopic) return (await import('./help.ts')).showHelp(manifest, words)
  const names = Object.values(manifest).flatMap(({id, aliases, hidden}) => (hidden ? [] : [id, ...aliases]))
  const typed = [words.slice(0, 2).join(' '), words[0] ?? '']
  const hint = typed.map(text => nearest(text, names.map(name => name.replaceAll(':', ' ')))).find(name => name !== undefined)
  const shown = (words[0] ?? '').slice(0, 60)
  throw new Fault('usage.invalid', `there is no command "${shown}"`, {hints: hint === undefined ? ['scram help'] : [`scram ${hint}`, 'scram help']})
}

/** What nothing caught: reported once, as a bug; the one place that may end the process. */
function guardLastResort(json: boolean): void {
  process.once('uncaughtException', error => {
    void report(error, json).then(code => process.exit(code))
  })
}

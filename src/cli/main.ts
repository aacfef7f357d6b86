import {loaders} from '../loaders.ts'
import {names, version} from '../names.ts'
import {wantsHelp, wantsJson} from './json-flag.ts'
import {resolveCommand} from './resolve-command.ts'

/**
 * argv → one command. The command is the longest run of up to three leading words that is an id or an alias; only its
 * chunk is loaded. Nobody below calls `process.exit`: the exit code is set, the process ends by itself.
 */
export async function main(argv: readonly string[]): Promise<void> {
  guardLastResort(argv)
  try {
    await dispatch(argv)
  } catch (error) {
    const {report} = await import('./report.ts')
    process.exitCode = report(error, argv)
  }
}

async function dispatch(argv: readonly string[]): Promise<void> {
  const [first] = argv
  if (first === '--version' || first === '-V') return showVersion(argv)
  if (first === 'help' || wantsHelp(argv)) return (await import('./help.ts')).showHelp(argv)
  const found = first === undefined || first.startsWith('-') ? {id: 'status', rest: argv} : resolveCommand(names, argv)
  const load = found && loaders[found.id]
  if (!load) return (await import('./unknown-command.ts')).unknownCommand(argv)
  const [{default: Command}, {commandConfig}] = await Promise.all([load(), import('./command-config.ts')])
  Command.id = found.id // for its own hints
  await new Command([...found.rest], commandConfig()).start()
}

async function showVersion(argv: readonly string[]): Promise<void> {
  const {printJson, printLines} = await import('./stdout.ts')
  const {platform, arch, version: node} = process
  if (wantsJson(argv)) printJson({scram: version, node: node.slice(1), platform, arch})
  else printLines([`scram/${version} ${platform}-${arch} node-${node}`])
}

/** What nothing caught, first one only: reported as a bug. The one place that may end the process. */
function guardLastResort(argv: readonly string[]): void {
  process.once('uncaughtException', error => {
    process.on('uncaughtException', () => {
      // A second one would print a second JSON object.
    })
    void import('./report.ts').then(({report}) => process.exit(report(error, argv)))
  })
}

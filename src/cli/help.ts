import {Fault} from '../lib/fault.ts'
import {manifest} from '../manifest.ts'
import {names} from '../names.ts'
import {MEANING} from './exit.ts'
import {wantsJson} from './json-flag.ts'
import type {ManifestArg, ManifestCommand, ManifestFlag} from './manifest.ts'
import {resolveCommand} from './resolve-command.ts'
import {printJson, printLines} from './stdout.ts'

const WIDTH = 80

/** `scram help`, `scram help rod list`, `scram rod`, `scram rod list --help`, `scram help exit-codes`. */
export function showHelp(argv: readonly string[]): void {
  const words = argv.filter((word, i) => !word.startsWith('-') && !(i === 0 && word === 'help'))
  const lines = helpLines(words)
  if (wantsJson(argv)) printJson({help: lines.join('\n')})
  else printLines(lines)
}

/** The text of one topic, command, or all; also the source of docs/reference/commands.md. */
export function helpLines(words: readonly string[]): readonly string[] {
  if (words.length === 0) return rootHelp()
  if (words[0] === 'exit-codes')
    return ['Exit codes of scram, the same with and without --json. A script must treat others as failure.', '', ...exitRows(MEANING)]
  const found = resolveCommand(names, words)
  const topic = Object.values(manifest).filter(({id, hidden}) => !hidden && id.startsWith(`${words.join(':')}:`))
  const command = found && manifest[found.id]
  // `scram run` is a command and `scram rod` a topic; `scram timeline` is both, then the command comes first.
  if (command && (found.rest.length === 0 || topic.length === 0)) return [...commandHelp(command), ...(topic.length > 1 ? ['', 'MORE', ...list(topic)] : [])]
  const count = `${topic.length} ${topic.length === 1 ? 'command' : 'commands'}`
  if (topic.length > 0) return [`scram ${words.join(' ')}: ${count}`, '', ...list(topic), '', `scram help ${words.join(' ')} COMMAND shows one`]
  throw new Fault('usage.invalid', `there is no help on "${words.join(' ').slice(0, 60)}"`, {hints: ['scram help']})
}

/** The verbs in the order an incident needs them. */
const GROUPS: readonly (readonly [string, readonly string[]])[] = [
  ['THE INCIDENT', ['open', 'update', 'note', 'resolve', 'status', 'show', 'timeline', 'use']],
  ['PEOPLE AND CLOCK', ['severity', 'mark', 'assign', 'handoff']],
  ['CONTROL RODS', ['in', 'out', 'rod list', 'rod verify']],
  ['RUNBOOKS', ['run', 'resume', 'runbook list']],
  ['CORRECT AND END', ['amend', 'redact', 'reopen', 'close']],
  ['OUTSIDE, AFTERWARDS', ['exec', 'page build', 'outbox list', 'postmortem draft', 'doctor', 'drill run']],
]

function rootHelp(): readonly string[] {
  const lines = GROUPS.flatMap(([title, verbs]) => {
    const rows = verbs.flatMap(name => {
      const command = manifest[resolveCommand(names, name.split(' '))?.id ?? '']
      return command ? [row(name, command.summary ?? '', 18)] : []
    })
    return rows.length > 0 ? [title, ...rows] : []
  })
  return [
    'scram "HTTP errors"? Begin with:',
    '  scram open "HTTP errors" -s sev1 -m "Many requests fail. We are on it."',
    '',
    ...lines,
    'scram help COMMAND for one · scram help exit-codes · every command takes --json',
  ]
}

/** Summary, examples, usage, arguments, flags, exit status: 80 × 40. */
function commandHelp(command: ManifestCommand): readonly string[] {
  const name = command.id.replaceAll(':', ' ')
  const [short] = command.aliases
  const examples = (command.examples ?? []).flatMap(({description, command: line}) => [
    `  ${description}`,
    ...commandLines(line.replaceAll('<%= config.bin %>', 'scram')),
  ])
  const args = Object.values(command.args)
  const flags = Object.values(command.flags).filter(({hidden}) => !hidden)
  const base = new Set(['incident', 'workspace', 'json', 'at', 'id'])
  return [
    command.summary ?? name,
    ...(command.description ? wrap(command.description, 0) : []),
    '',
    'EXAMPLES',
    ...examples,
    'USAGE',
    ...wrap(
      `scram ${short ?? name} ${[...args.map(usageOf), ...(command.takesRest ? ['-- COMMAND…'] : []), '[flags]'].join(' ')}${short ? `   (or: scram ${name})` : ''}`,
      2,
    ),
    ...(args.length > 0 ? ['ARGUMENTS', ...args.flatMap(argRow)] : []),
    'FLAGS',
    ...flags.filter(flag => !base.has(flag.name)).map(flagRow),
    ...flags.filter(flag => base.has(flag.name)).map(flagRow),
    'EXIT STATUS',
    ...exitRows(command.exits ?? {}),
  ]
}

/** Can be pasted as it stands: a long command goes on after a backslash, never inside quotes. */
function commandLines(command: string): readonly string[] {
  const words = command.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? []
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last === undefined) lines.push(`    $ ${word}`)
    else if (last.length + word.length + 3 <= WIDTH) lines[lines.length - 1] = `${last} ${word}`
    else lines.splice(-1, 1, `${last} \\`, `        ${word}`)
  }
  return lines
}

const usageOf = ({name, required, multiple}: ManifestArg) => (required ? `<${name}>` : `[${name}${multiple ? '…' : ''}]`)
const argRow = ({name, description}: ManifestArg) => [row(name.toUpperCase(), description ?? '', 22)]

function flagRow({char, name, type, helpValue, summary, required, multiple}: ManifestFlag): string {
  const value = type === 'option' ? ` ${helpValue ?? 'TEXT'}` : ''
  const left = `${char ? `-${char}, ` : '    '}--${name}${value}`
  return row(left, `${summary ?? ''}${required ? ' (required)' : ''}${multiple ? '; repeatable' : ''}`, 26)
}

const exitRows = (exits: Readonly<Record<string, string>>) => Object.entries(exits).map(([code, meaning]) => row(code, meaning, 5))
const list = (commands: readonly ManifestCommand[]) => commands.map(({id, summary}) => row(id.replaceAll(':', ' '), summary ?? '', 22))

/** One line where it fits, the rest below in its column. */
function row(left: string, right: string, column: number): string {
  const padded = left.length < column ? left.padEnd(column) : `${left}  `
  const [first = '', ...more] = wrap(right, 0, WIDTH - 2 - Math.max(padded.length, column))
  return [`  ${padded}${first}`, ...more.map(line => `  ${' '.repeat(padded.length)}${line}`)].join('\n')
}

function wrap(text: string, indent: number, width = WIDTH - indent): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines.map(line => ' '.repeat(indent) + line)
}

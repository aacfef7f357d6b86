import {Fault, isAbort} from '../lib/fault.ts'
import {EXIT, type ExitCode} from './exit.ts'
import {narrate, printLines} from './stdout.ts'

/** `--json` before any `--`. Errors of the parser need it before anything is parsed. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return (end < 0 ? argv : argv.slice(0, end)).includes('--json')
}

/** Says what went wrong, as text on stderr or one JSON object on stdout, and answers with the exit code. Never argv. */
export async function report(error: unknown, json: boolean): Promise<ExitCode> {
  const fault = toFault(error)
  const exit = EXIT[fault.code]
  if (json) await printLines([JSON.stringify({error: {code: fault.code, exit, message: fault.message, hints: fault.hints}})], true)
  else narrate([`scram: ${fault.message}`, ...fault.hints.map(hint => `  ${hint}`)].join('\n'))
  if (fault.code === 'bug' && process.env['DEBUG']) narrate(String(error instanceof Error ? (error.stack ?? error.message) : error))
  return exit
}

/** Anything thrown → one Fault. oclif's parse errors lose their argv and advice; an abort is an interruption; else: a bug. */
export function toFault(error: unknown): Fault {
  if (error instanceof Fault) return tidied(error)
  if (isAbort(error)) return new Fault('interrupted', 'interrupted')
  if (isParseError(error)) return usage(error)
  const message = error instanceof Error ? error.message : String(error)
  return new Fault('bug', `a bug in scram: ${message.split('\n', 1)[0]}`, {hints: ['run it again with DEBUG=1 and report what it prints; nothing printed as recorded is lost'], cause: error})
}

interface ParseError extends Error {
  readonly oclif?: {readonly exit?: number}
  readonly args?: readonly unknown[]
  readonly flags?: readonly string[]
}

function isParseError(error: unknown): error is ParseError {
  return error instanceof Error && 'oclif' in error
}

/** A flag's `parse` that threw comes back with the parser's decoration around its message. */
const DECORATION = /^Parsing (--[\w-]+) ?\n\t(.*?)(?:\nSee more help with --help)?$/s

function tidied(fault: Fault): Fault {
  const [, flag, message] = DECORATION.exec(fault.message) ?? []
  return flag === undefined || message === undefined ? fault : new Fault(fault.code, `${flag}: ${message}`, {hints: fault.hints})
}

function usage({message, args, flags}: ParseError): Fault {
  const text = message.replace('\nSee more help with --help', '').replace(/^Parsing (--[\w-]+) ?\n\t/, '$1: ')
  if (flags) return new Fault('usage.invalid', `no such flag: ${flags.map(flag => flag.replace(/=.*$/s, '')).join(', ')}`, {hints: ['--help shows the flags']})
  if (args && text.startsWith('Missing')) {
    const names = args.map(each => (each as {name: string; description?: string}).name.toUpperCase())
    const [first] = args as {description?: string}[]
    return new Fault('usage.missing', `missing ${names.join(' and ')}${first?.description ? `: ${first.description}` : ''}`, {hints: ['--help shows an example']})
  }
  if (args) return new Fault('usage.invalid', `one argument too many; quote a text that has blanks`, {hints: ['--help shows an example']})
  const required = /Missing required flag ([\w-]+)/.exec(text)
  if (required) return new Fault('usage.missing', `missing --${required[1]}`, {hints: ['--help shows an example']})
  return new Fault('usage.invalid', text.split('\n').map(line => line.trim()).filter(Boolean).join(' '), {hints: ['--help shows an example']})
}

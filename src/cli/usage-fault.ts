import {Fault} from '../lib/fault.ts'
import {nearest} from '../lib/nearest.ts'

/** What oclif's parser throws: its `parse` (with argv and every value) and its advice never leave this file. */
export interface ParseError extends Error {
  readonly args?: readonly {readonly name?: string; readonly description?: string}[]
  readonly flags?: readonly string[]
  readonly parse?: {readonly input?: {readonly flags?: Readonly<Record<string, unknown>>; readonly args?: Readonly<Record<string, unknown>>}}
}

export function isParseError(error: unknown): error is ParseError {
  return error instanceof Error && 'oclif' in error
}

/** A parse error → exit 64, saying which word was wrong but never an unknown flag's value. */
export function usageFault({message, args, flags, parse}: ParseError, help: string, isExec = false): Fault {
  const hints = [help]
  if (flags) {
    const named = flags.map(withoutValue)
    return new Fault('usage.invalid', `no such flag: ${named.join(', ')}`, {hints: [...instead(named, parse?.input ?? {}), help]})
  }
  const text = undecorated(message)
  if (args && text.startsWith('Missing')) {
    const names = args.map(({name = ''}) => name.toUpperCase()).join(' and ')
    const [first] = args
    return new Fault('usage.missing', `missing ${names}${first?.description === undefined ? '' : `: ${first.description}`}`, {hints})
  }
  if (args && isExec) return new Fault('usage.invalid', 'the command stands after --', {hints: ['scram exec -- COMMAND', ...hints]})
  if (args) return new Fault('usage.invalid', 'one argument too many; quote a text that has blanks', {hints})
  const required = [...text.matchAll(/Missing required flag ([\w-]+)/g)].map(([, name]) => `--${name}`)
  if (required.length > 0) return new Fault('usage.missing', `missing ${required.join(' and ')}`, {hints})
  return new Fault(
    'usage.invalid',
    text
      .split('\n')
      .map(line => line.trim())
      .filter(Boolean)
      .join(' '),
    {hints},
  )
}

/** What the flags were meant for: `open -m` and `resolve -m` take their text as a flag, the others as a word. */
function instead(named: readonly string[], {flags = {}, args = {}}: NonNullable<NonNullable<ParseError['parse']>['input']>): readonly string[] {
  return named.flatMap(flag => {
    if ('text' in args && /^(?:-m|--message|--text)$/.test(flag)) return ['the text stands alone: TEXT in quotes, or - to read stdin']
    const near = flag.startsWith('--') ? nearest(flag.slice(2), Object.keys(flags)) : undefined
    return near === undefined ? [] : [`did you mean --${near}?`]
  })
}

/** A flag's `parse` that threw comes back with the parser's decoration around its message. */
export function tidied(fault: Fault): Fault {
  const text = undecorated(fault.message)
  return text === fault.message ? fault : new Fault(fault.code, text, {hints: fault.hints, cause: fault.cause})
}

function undecorated(message: string): string {
  return message
    .replace(/\nSee more help with --help$/, '')
    .replace(/^Parsing (--[\w-]+) ?\n\t/, '$1: ')
    .replace(/^The following errors? occurred:\s*/, '')
    .replace(/--([\w-]+)=.* cannot also be provided when using --([\w-]+)/gs, 'give --$1 or --$2, not both')
    .replace(/^Flag (--[\w-]+) expects a value$/, '$1 wants a value')
    .replace(/^Flag (--[\w-]+) can only be specified once$/, '$1 is given twice')
}

/** `--token=SECRET` → `--token`, `-tSECRET` → `-t`. */
function withoutValue(flag: string): string {
  return flag.startsWith('--') ? flag.replace(/=.*$/s, '').slice(0, MOST_SHOWN) : flag.slice(0, 2)
}

const MOST_SHOWN = 60

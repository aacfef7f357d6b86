import {Fault, isAbort} from '../lib/fault.ts'
import {names} from '../names.ts'
import {EXIT, type ExitCode} from './exit.ts'
import {wantsJson} from './json-flag.ts'
import {redactor} from './redactor.ts'
import {resolveCommand} from './resolve-command.ts'
import {hasAnswered, narrate, printJson} from './stdout.ts'
import {isParseError, tidied, usageFault} from './usage-fault.ts'

/** Says what went wrong, as text on stderr or as the one JSON object on stdout, and answers with the exit code. Never argv. */
export function report(error: unknown, argv: readonly string[]): ExitCode {
  const {code, message, hints} = toFault(error, argv)
  const exit = EXIT[code]
  if (wantsJson(argv) && !hasAnswered()) printJson({error: {code, exit, message, hints}})
  else narrate([`scram: ${message}`, ...hints.map(hint => `  ${hint}`)].join('\n'))
  if (code === 'bug' && process.env['DEBUG']) narrate(redactor.redact(error instanceof Error ? (error.stack ?? error.message) : String(error)))
  return exit
}

/** Anything thrown → one Fault. An abort is an interruption; what is not ours is a bug. */
function toFault(error: unknown, argv: readonly string[]): Fault {
  if (error instanceof Fault) return tidied(error)
  if (isAbort(error)) return new Fault('interrupted', 'interrupted')
  if (isParseError(error)) {
    const id = resolveCommand(names, argv)?.id
    return usageFault(error, `scram help ${id?.replaceAll(':', ' ') ?? 'status'}`, id === 'exec')
  }
  const message = error instanceof Error ? error.message : String(error)
  return new Fault('bug', `a bug in scram: ${redactor.redact(message.split('\n', 1).join(''))}`, {
    hints: ['run it again with DEBUG=1 and report what it prints; what was printed as recorded is recorded'],
    cause: error,
  })
}

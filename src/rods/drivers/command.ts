import {resolve as resolvePath} from 'node:path'
import {z} from 'zod'
import {BRIEF, bareEnv, type ChildCall, type ChildEnd, cutShort, lastWords, runChild} from '../../lib/child.ts'
import {throwIfInterrupted} from '../../lib/deadline.ts'
import {parseDuration} from '../../lib/durations.ts'
import {Fault} from '../../lib/fault.ts'
import {shellQuote} from '../../lib/text.ts'
import {isPosition, toPosition} from '../position.ts'
import type {Capabilities, Driver, DriverContext, Reading} from '../rod.ts'
import {type SecretText, withoutSecrets} from '../secret-text.ts'

export const summary = 'a command of yours: it is run without a shell, its exit code says how the call went'

const PLACEHOLDER = '{position}'
const argv = z
  .array(z.string().max(4096))
  .min(1)
  .max(64)
  .refine(words => words.every(word => word === PLACEHOLDER || !word.includes(PLACEHOLDER)), `${PLACEHOLDER} must be an argument of its own`)
  .refine(words => words[0] !== '' && words[0] !== PLACEHOLDER, 'the first word must be the command')
const name = z.string().regex(/^[A-Za-z_]\w{0,63}$/, 'is not the name of a variable')

export const options = z
  .strictObject({
    insert: argv.optional().describe(`moves it in; needs ${PLACEHOLDER} where the rod has more than one position to be in`),
    withdraw: argv.optional().describe('moves it out'),
    set: argv.optional().describe(`moves it to ${PLACEHOLDER}; instead of insert and withdraw`),
    read: argv.optional().describe('prints the position, or {"position": …, "version": …}; without it the rod reads unknown for ever'),
    env: z.record(name, z.string().max(4096)).default({}).describe('besides PATH, HOME, LANG and TZ'),
    secrets: z.record(name, z.string().regex(/^(env|file|exec):/, 'must be a reference: env:NAME, file:/path, exec:[argv]')).default({}),
    cwd: z.string().optional().describe('default: the workspace'),
    timeout: z.string().default('20s').transform(durationOrIssue),
  })
  .refine(({insert, withdraw, set}) => (set ? !insert && !withdraw : insert && withdraw), 'needs either set, or insert and withdraw')
  .refine(({set}) => !set || set.includes(PLACEHOLDER), `set needs ${PLACEHOLDER}`)

export const can: Capabilities = {named: true, percent: true, rate: true, cas: false, ttl: false, survivesRestart: true}

/**
 * Drives a rod by a command. Exit 0 acknowledged · 69, 75 unreachable · 77 and any other refused, with the last line of
 * stderr · ended by our timeout unanswered: it may have acted.
 */
export async function open(given: z.output<typeof options>, {positions, folder, secret, invalid}: DriverContext): Promise<Driver> {
  if (positions.length > 2 && given.insert && !given.insert.includes(PLACEHOLDER)) {
    throw invalid(['insert'], `this rod has more than one position to be in: the command needs ${PLACEHOLDER}`)
  }
  const secrets: (SecretText & {name: string})[] = []
  for (const [variable, reference] of Object.entries(given.secrets)) secrets.push({name: variable, shown: reference, sent: await secret(reference)})
  const env = bareEnv({...given.env, ...Object.fromEntries(secrets.map(({name, sent}) => [name, sent]))})
  const cwd = resolvePath(folder, given.cwd ?? '.')
  const prepared = ([command = '', ...rest]: readonly string[], position = ''): ChildCall => ({
    argv: [command, ...rest.map(word => (word === PLACEHOLDER ? position : word))],
    env,
    cwd,
    timeoutMs: given.timeout,
    ...BRIEF,
  })
  const mover = (to: string) => given.set ?? (to === 'withdrawn' ? given.withdraw : given.insert) ?? []
  const shownEnv = [...Object.entries(given.env).map(([key, value]) => `${key}=${value}`), ...secrets.map(({name, shown}) => `${name}=${shown}`)]

  return {
    targets: [''],
    can,
    reaches: [given.insert, given.withdraw, given.set, given.read].flatMap(words => (words?.[0] === undefined ? [] : [{command: words[0]}])),
    plan: to => [[`run ${JSON.stringify(prepared(mover(to), to).argv)} in ${cwd}`, ...(shownEnv.length > 0 ? [`with ${shownEnv.join(' ')}`] : [])].join(' ')],
    async set(to, {signal}) {
      if (!isPosition(to, positions)) throw new Fault('rod.refused', `${JSON.stringify(to.slice(0, 40))} is no position of this rod; nothing was run`)
      const run = prepared(mover(to), to)
      const end = await runChild(run, signal)
      throwIfInterrupted(signal)
      const fault = faultOf({...end, stderr: withoutSecrets(end.stderr, secrets)}, run)
      if (fault) throw fault
      return `${commandOf(run)} exit 0`
    },
    async read({signal}) {
      if (!given.read) return {position: 'unknown', evidence: 'this rod has no `read`'}
      const run = prepared(given.read)
      const end = await runChild(run, signal)
      throwIfInterrupted(signal)
      return readingOf(end, run, positions)
    },
  }
}

/** One printable word, whatever the file says. */
const commandOf = ({argv: [command]}: ChildCall) => shellQuote(command)

/** Undefined when it acknowledged. */
function faultOf(end: ChildEnd, run: ChildCall): Fault | undefined {
  const command = commandOf(run)
  if (end.notStarted !== null) return new Fault('rod.refused', `${command} cannot be run in ${run.cwd} (${end.notStarted})`)
  const reason = cutShort(end, run)
  if (reason !== null) return new Fault('rod.unanswered', `${command}: ${reason}; it may have acted`)
  if (end.exitCode === 0) return undefined
  const said = lastWords(end.stderr)
  const isUnreachable = end.exitCode === 69 || end.exitCode === 75
  return new Fault(isUnreachable ? 'rod.unreachable' : 'rod.refused', `${command} exit ${end.exitCode}${said === '' ? '' : `: ${said}`}`)
}

function readingOf(end: ChildEnd, run: ChildCall, positions: readonly string[]): Reading {
  const command = commandOf(run)
  if (end.notStarted !== null) return {position: 'unknown', evidence: `${command} cannot be run (${end.notStarted})`}
  const reason = cutShort(end, run)
  if (reason !== null) return {position: 'unknown', evidence: `${command}: ${reason}`}
  if (end.exitCode !== 0) return {position: 'unknown', evidence: `${command} exit ${end.exitCode}`}
  const {position: text, version} = printed(end.stdout.trim())
  const position = toPosition(text, positions)
  if (position === null) return {position: 'unknown', evidence: `${command} exit 0 says no position of this rod`}
  return {position, ...(version !== undefined && {version, instance: version}), evidence: `${command} exit 0 says ${position}`}
}

const answer = z.object({position: z.string(), version: z.union([z.string().max(200), z.number()]).optional()})

function printed(stdout: string): {position: string; version?: string} {
  if (!stdout.startsWith('{')) return {position: stdout}
  try {
    const {position, version} = answer.parse(JSON.parse(stdout))
    return {position, ...(version !== undefined && {version: String(version)})}
  } catch {
    return {position: ''}
  }
}

function durationOrIssue(text: string, context: z.RefinementCtx): number {
  try {
    return parseDuration(text)
  } catch (error) {
    context.addIssue({code: 'custom', message: error instanceof Fault ? error.message : 'is not a duration'})
    return z.NEVER
  }
}

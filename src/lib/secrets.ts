import {isAbsolute} from 'node:path'
import {Fault} from './fault.ts'
import {readFileBounded} from './files.ts'
import {Secret} from './secret.ts'
import {safeLine, shellQuote} from './text.ts'

/** A secret is named, never written: `env:NAME`, `file:/path` (0600, ours), `exec:["program", "argument"]` (no shell, 5 s). */
const REFERENCE = /^(env|file|exec):([\s\S]*)$/
const FORMS = 'env:NAME, file:/path or exec:["program", "argument"]'

const MOST_BYTES = 64 * 1024
const EXEC_MS = 5000
/** The ones that ask a vault may hold a lock; they get less than a step does. */
const EXEC_GRACE_MS = 1000

export interface SecretsOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where relative programs of `exec:` live: the workspace. */
  readonly folder: string
  /** Told each value before anybody else has it: the redactor's. */
  know(value: string): void
}

export interface Secrets {
  /**
   * The secret behind a reference, one trailing newline trimmed. Resolved once per process: a second call answers the same.
   * @throws Fault secret.missing, with the reference, never a value · config.invalid: not a reference
   */
  get(reference: string): Promise<Secret>
}

export function makeSecrets({env, folder, know}: SecretsOptions): Secrets {
  const seen = new Map<string, Promise<Secret>>()
  const resolve = async (reference: string): Promise<Secret> => {
    const [, kind, rest = ''] = REFERENCE.exec(reference) ?? []
    // What stands there instead may be the secret itself: it is not repeated.
    if (kind === undefined) throw new Fault('config.invalid', `a secret is named by reference: ${FORMS}`)
    const text = kind === 'env' ? fromEnv(rest, env) : kind === 'file' ? fromFile(rest) : await fromCommand(rest, folder, env)
    const value = text.replace(/\r?\n$/, '')
    if (value === '') throw new Fault('secret.missing', `the secret ${shownAs(reference)} is empty`)
    know(value)
    return new Secret(value)
  }
  return {
    get(reference) {
      const secret = seen.get(reference) ?? resolve(reference)
      seen.set(reference, secret)
      return secret
    },
  }
}

function fromEnv(name: string, env: SecretsOptions['env']): string {
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new Fault('config.invalid', `env:${shownAs(name)} names no variable`)
  const value = env[name]
  if (value === undefined) throw new Fault('secret.missing', `the secret env:${name} is missing: $${name} is not set`, {hints: [`export ${name}=…`]})
  return value
}

function fromFile(path: string): string {
  if (!isAbsolute(path)) throw new Fault('config.invalid', `file:${shownAs(path)} is not absolute; a secret's file is file:/path`)
  const me = process.getuid?.()
  let isOpen = false
  try {
    const bytes = readFileBounded(path, MOST_BYTES, {
      refuse({mode, uid}) {
        if (me !== undefined && uid !== me && uid !== 0) return `it belongs to another user (uid ${uid})`
        isOpen = (mode & 0o077) !== 0
        return isOpen ? 'others may read it' : undefined
      },
    })
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes)
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException
    const reason = {ENOENT: 'it is not there', EACCES: 'it may not be read', ELOOP: 'it is a link', ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8'}[
      code ?? ''
    ]
    throw new Fault('secret.missing', `the secret file:${shownAs(path)} cannot be used: ${reason ?? message}`, {
      hints: isOpen ? [`chmod 600 ${shellQuote(path)}`] : [],
    })
  }
}

async function fromCommand(text: string, folder: string, env: SecretsOptions['env']): Promise<string> {
  const argv = argvIn(text)
  const {childEnv, runChild} = await import('./child.ts')
  const call = {argv, cwd: folder, env: childEnv({}, env), timeoutMs: EXEC_MS, graceMs: EXEC_GRACE_MS, maxBytes: MOST_BYTES}
  const {exitCode, timedOut, notStarted, cut, stdout, signal} = await runChild(call, new AbortController().signal)
  if (exitCode === 0 && !cut && !timedOut) return stdout
  // What it said on stderr is not shown: it may be the secret.
  const how =
    notStarted !== null
      ? `cannot be run (${notStarted})`
      : timedOut
        ? 'did not end within 5 s'
        : cut
          ? 'said more than 64 KiB'
          : `ended with ${exitCode ?? signal}`
  throw new Fault('secret.missing', `the secret command ${shownAs(argv[0])} ${how}`)
}

function argvIn(text: string): readonly [string, ...string[]] {
  let argv: unknown
  try {
    argv = JSON.parse(text)
  } catch {
    // no JSON: refused below
  }
  if (Array.isArray(argv) && argv.length > 0 && argv[0] !== '' && argv.every(item => typeof item === 'string')) return argv as [string, ...string[]]
  throw new Fault('config.invalid', `a secret by command is written exec:["program", "argument"]`)
}

function shownAs(text: string): string {
  return safeLine(text).slice(0, 120)
}

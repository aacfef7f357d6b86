import {spawn} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {configFolder} from '../config/home.ts'
import {readUserFile} from '../config/user-file.ts'
import {Fault} from '../lib/fault.ts'

/** More is a log file, not a text. */
const MOST_BYTES = 1 << 20

/** Everything on stdin as text. @throws Fault text.empty · text.invalid (not UTF-8, more than 1 MiB) */
export async function textFromStdin(name: string): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) {
      process.stdin.destroy()
      throw new Fault('text.invalid', `the ${name} on stdin is longer than 1 MiB`, {hints: ['keep the end of it: … | tail -c 100000 | scram note -']})
    }
    chunks.push(chunk)
  }
  return decoded(Buffer.concat(chunks), `the ${name} on stdin`)
}

/** Asks the editor of the user's file, $VISUAL or $EDITOR; lines that begin with # are dropped. `proposed` stands there to be edited. Without a terminal the text must be given. */
export async function textFromEditor(name: string, json: boolean, proposed = ''): Promise<string> {
  const editor = chosenEditor(process.env)
  if (json || !process.stdin.isTTY || !process.stderr.isTTY || !editor) {
    const hints = [`give it as an argument, or - to read stdin${editor ? '' : '; with $EDITOR set, an editor opens on a terminal'}`]
    throw new Fault('usage.missing', `missing ${name.toUpperCase()}`, {hints})
  }
  const folder = temporaryFolder(name)
  const file = join(folder, 'text.md')
  try {
    writeFileSync(file, `${proposed}\n# The ${name}. Lines that begin with # are left out; an empty text records nothing.\n`, {mode: 0o600})
    await edit(editor, file)
    return decoded(readFileSync(file), `the ${name}`, text => text.replace(/^#.*\n?/gm, ''))
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

/** `editor:` in config.yaml is meant for scram, the variables for everything. */
export function chosenEditor(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const {editor} = readUserFile(configFolder(env)).settings
  return (editor || env['VISUAL'] || env['EDITOR'])?.trim() || undefined
}

function temporaryFolder(name: string): string {
  try {
    return mkdtempSync(join(tmpdir(), 'scram-'))
  } catch (cause) {
    const {code} = cause as NodeJS.ErrnoException // mkdtemp ends with Node's own errors
    throw new Fault('setup.invalid', `no file for the editor can be made in ${tmpdir()} (${code})`, {
      hints: [`give the ${name} as an argument, or - to read stdin`],
      cause,
    })
  }
}

/** $EDITOR may hold flags (`code --wait`); it is split at blanks, as git does without a shell. */
function edit(editor: string, file: string): Promise<void> {
  const [program = '', ...flags] = editor.split(/ +/)
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) =>
      reject(new Fault('setup.invalid', `the editor "${editor}" does not start (${(cause as NodeJS.ErrnoException).code ?? cause})`, {cause}))
    let child: ReturnType<typeof spawn>
    try {
      child = spawn(program, [...flags, file], {stdio: 'inherit'})
    } catch (cause) {
      return fail(cause) // most reasons are an event; some (ENOTDIR) are thrown
    }
    child.once('error', fail)
    child.once('exit', code => (code === 0 ? resolve() : reject(new Fault('interrupted', `the editor "${editor}" ended with ${code}; nothing was recorded`))))
  })
}

function decoded(bytes: Buffer, what: string, clean = (text: string) => text): string {
  let text: string
  try {
    text = clean(new TextDecoder('utf-8', {fatal: true}).decode(bytes)).replace(/\s+$/, '')
  } catch (cause) {
    throw new Fault('text.invalid', `${what} is not UTF-8`, {hints: ['… | iconv -f latin1 -t utf-8 | scram note -'], cause})
  }
  if (text.trim() === '') throw new Fault('text.empty', `${what} is empty`)
  return text
}

import {join} from 'node:path'
import {readFileBounded} from '../lib/files.ts'
import {nearest} from '../lib/nearest.ts'

/** What a person sets for themselves, wherever they work. */
export interface UserSettings {
  /** The name under which they act. */
  readonly actor?: string
  readonly editor?: string
}

export interface UserFile {
  readonly settings: UserSettings
  /** What was not read, with `file:line:`. It never stops a command: the person is told, and the rest holds. */
  readonly problems: readonly string[]
}

const KEYS = ['actor', 'editor'] as const
const MOST_BYTES = 16 * 1024
const LINE = /^([A-Za-z][\w-]*):(?:\s+(?:"([^"\\]*)"|'([^']*)'|([^\s#"'[\]{}&*!|>%@`][^#]*?)))?\s*(?:#.*)?$/

/**
 * `config.yaml` of the user: `key: value` lines, `#` comments, quotes; the simplest YAML there is, read here because the
 * name of the actor is needed by every write, and the YAML parser alone takes longer to load than Node to start.
 */
export function readUserFile(folder: string | null): UserFile {
  if (folder === null) return {settings: {}, problems: []}
  const file = join(folder, 'config.yaml')
  let text: string
  try {
    text = readFileBounded(file, MOST_BYTES, {follow: true}).toString('utf8')
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException
    return {settings: {}, problems: code === 'ENOENT' || code === 'ENOTDIR' ? [] : [`${file} cannot be read: ${message}`]}
  }
  const found = new Map<string, string>()
  const problems: string[] = []
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    if (/^\s*(?:#.*)?$/.test(line) || line === '---') continue
    const [, key = '', double, single, plain = ''] = LINE.exec(line) ?? []
    const problem = key === '' ? 'is not `key: value`' : found.has(key) ? `\`${key}\` is there already` : problemWith(key)
    if (problem === undefined) found.set(key, double ?? single ?? plain)
    else problems.push(`${file}:${index + 1}: ${problem}`)
  }
  return {settings: Object.fromEntries(found), problems}
}

function problemWith(key: string): string | undefined {
  if (key.startsWith('x-') || (KEYS as readonly string[]).includes(key)) return undefined
  const near = nearest(key, KEYS)
  return `\`${key}\` is not a key here; ${near ? `did you mean \`${near}\`?` : `there are ${KEYS.join(', ')}`}`
}

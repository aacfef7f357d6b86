import type {z} from 'zod'
import {nearest} from '../lib/nearest.ts'
import type {Source, YamlPath} from '../lib/yaml-source.ts'
import type {Finding} from './finding.ts'

type Issue = z.core.$ZodIssue

/** zod's issues about the value at `base`, in our words, each where it stands. `what` names that value: "a step". */
export function schemaFindings(source: Source, base: YamlPath, what: string, keys: readonly string[], issues: readonly Issue[]): readonly Finding[] {
  return issues.flatMap(issue => wordsOf(source, base, what, keys, issue))
}

function wordsOf(source: Source, base: YamlPath, what: string, keys: readonly string[], issue: Issue): readonly Finding[] {
  const inner = issue.path.map(part => (typeof part === 'symbol' ? String(part) : part))
  const path = [...base, ...inner]
  if (issue.code === 'unrecognized_keys') {
    const owner = inner.length === 0 ? what : `\`${inner.join('.')}\``
    return issue.keys.map(key => schemaFinding(source, 'key', [...path, key], unknownKey(key, owner, inner.length === 0 ? keys : [])))
  }
  if (issue.code === 'invalid_key') {
    const reason = issue.issues[0]?.message ?? 'is not an id'
    return [schemaFinding(source, 'key', path, `\`${String(inner.at(-1))}\` ${reason}`)]
  }
  const isMissing = inner.length > 0 && valueAt(source.value, path) === undefined
  if (isMissing) return [schemaFinding(source, 'value', path.slice(0, -1), `${what} wants \`${inner.join('.')}\``)]
  return [schemaFinding(source, 'value', path, inner.length === 0 ? `${what} ${plain(issue)}` : `\`${inner.join('.')}\` ${plain(issue)}`)]
}

export function unknownKey(key: string, owner: string, keys: readonly string[]): string {
  const near = nearest(key, keys)
  return `\`${key}\` is not a key of ${owner}${near ? `; did you mean \`${near}\`?` : keys.length > 0 ? `; it takes ${keys.join(', ')}` : ''}`
}

export function schemaFinding(source: Source, at: 'key' | 'value', path: YamlPath, message: string): Finding {
  return {level: 'E', code: 'schema', message, file: source.file, ...(at === 'key' ? source.keyAt(path) : source.at(path))}
}

/** zod's own sentences begin with "Invalid" or "Too"; ours are a verb phrase after the key. */
function plain({message}: Issue): string {
  return message.replace(/^Invalid input: expected (\S+), received (\S+)$/, 'wants $1, not $2').replace(/^(Invalid|Too) /, 'does not fit: $&')
}

/** What stands in the file at a path; undefined: nothing. */
export function valueAt(value: unknown, path: YamlPath): unknown {
  let at = value
  for (const part of path) at = typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[part] : undefined // plain YAML values
  return at
}

/** Below a step or the top, maps whose keys are the author's own: there `x-…` is a key like any other. */
const OWN_KEYS: ReadonlySet<string> = new Set(['with', 'env', 'secrets', 'outputs'])

/** `x-…` is free wherever a map of ours may stand. */
export function withoutExtras(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const ours = Object.entries(value).filter(([key]) => !key.startsWith('x-'))
  return Object.fromEntries(ours.map(([key, item]) => [key, OWN_KEYS.has(key) ? item : withoutExtras(item)]))
}

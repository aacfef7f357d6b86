import type {Json} from '../lib/canonical.ts'

const STEP = /\.([A-Za-z_][\w-]*)|\[(\d{1,6})\]/y

/** `$` then `.name` or `[n]`; nothing else is a path. */
export function isJsonPath(path: string): boolean {
  return steps(path) !== null
}

/** The value at `path`, own properties only; `undefined` where the document has none. */
export function atJsonPath(document: Json, path: string): Json | undefined {
  let value: Json | undefined = document
  for (const step of steps(path) ?? []) {
    if (typeof value !== 'object' || value === null) return undefined
    if (Array.isArray(value) !== (typeof step === 'number') || !Object.hasOwn(value, step)) return undefined
    value = (value as Readonly<Record<string | number, Json>>)[step] // an own member of an object or array, checked above
  }
  return value
}

function steps(path: string): (string | number)[] | null {
  if (!path.startsWith('$')) return null
  const found: (string | number)[] = []
  STEP.lastIndex = 1
  while (STEP.lastIndex < path.length) {
    const step = STEP.exec(path)
    if (!step) return null
    found.push(step[1] ?? Number(step[2]))
  }
  return found
}

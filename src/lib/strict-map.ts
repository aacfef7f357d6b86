import {z} from 'zod'
import {PLAIN_ID, PLAIN_ID_WORDS} from './ids.ts'
import {nearest} from './nearest.ts'

/**
 * A map of a file people write: an unknown key is an error that names the nearest known one, `x-…` is free. In the JSON
 * Schema it is the strict object it wraps; `forEditors` puts the rest right there.
 */
export function strictMap<S extends z.core.$ZodLooseShape>(shape: S) {
  const keys = Object.keys(shape)
  return z.preprocess(withoutExtras, z.strictObject(shape, {error: issue => (issue.code === 'unrecognized_keys' ? unknownKeys(issue.keys, keys) : undefined)}))
}

/** A map from ids to one kind of thing, in the order of the file. Entries `x-…` are nobody's (places for anchors). */
export function idMap<T extends z.ZodType>(value: T) {
  return z.preprocess(withoutExtras, z.record(id, value))
}

export const id = z.string().regex(PLAIN_ID, PLAIN_ID_WORDS)

interface ObjectSchema {
  type?: unknown
  additionalProperties?: unknown
  propertyNames?: unknown
  patternProperties?: unknown
  required?: string[]
}

/**
 * The `override` of `z.toJSONSchema`: allows `x-…` in every closed map and every map of ids, and asks for the keys a person
 * must write (by itself it takes whatever is preprocessed, so every map of ours, for optional).
 */
export function forEditors({zodSchema, jsonSchema}: {readonly zodSchema: z.core.$ZodTypes; readonly jsonSchema: ObjectSchema}): void {
  if (jsonSchema.type !== 'object') return
  if (jsonSchema.additionalProperties === false || jsonSchema.propertyNames) jsonSchema.patternProperties = {'^x-': {}}
  const {def} = zodSchema._zod
  if (def.type !== 'object') return
  const required = Object.keys(def.shape).filter(key => isRequired(def.shape[key] as z.core.$ZodTypes)) // zod's own classes are all there are
  if (required.length > 0) jsonSchema.required = required
}

function isRequired({_zod: {def, optin}}: z.core.$ZodTypes): boolean {
  if (def.type === 'pipe') return isRequired((def.in._zod.def.type === 'transform' ? def.out : def.in) as z.core.$ZodTypes)
  if (def.type === 'union') return def.options.every(option => isRequired(option as z.core.$ZodTypes))
  return optin === undefined
}

export function withoutExtras(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.keys(value).some(key => key.startsWith('x-')) ? Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('x-'))) : value
}

function unknownKeys(unknown: readonly string[], known: readonly string[]): string {
  const words = unknown.map(key => {
    const near = nearest(key, known)
    return `\`${key.slice(0, 60)}\` is not a key here; ${near ? `did you mean \`${near}\`?` : `there are ${known.join(', ')}`}`
  })
  return words.join(' ')
}

import * as z from 'zod'
import type {EventData} from '../../incident/events.ts'
import * as words from '../../incident/words.ts'

/** What the schemas of all families are made of. Vocabularies come from `incident/words.ts`: a word is spelt once. */
export const severity = z.enum(words.SEVERITIES)
export const componentStatus = z.enum(words.COMPONENT_STATUSES)
export const publicImpact = z.enum(words.PUBLIC_IMPACTS)
export const publicStatus = z.enum(words.PUBLIC_STATUSES)
export const milestone = z.enum(words.MILESTONES)
export const role = z.enum(words.ROLES)
export const noteKind = z.enum(words.NOTE_KINDS)

export const text = z.string()
export const flag = z.boolean()
export const number = z.number()
export const whole = z.int()
export const texts = z.array(text)

/** The one written form of an instant, as in the envelope. */
export const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

export const components = z.record(text, componentStatus)
export const json = z.json()
export const jsons = z.record(text, json)

export const leftIn = z.array(z.object({rod: text, expiresAt: instant, why: text}))

/** May be left out, but not be `undefined`: there is no such thing in JSON. */
export function maybe<T extends z.ZodType>(schema: T) {
  return z.exactOptional(schema)
}

/**
 * A schema checks exactly the type of its kind: a field that is missing here, or typed otherwise, does not compile.
 * (Read-only is a promise between us; JSON knows nothing of it.)
 */
export type Exactly<K extends keyof EventData, S extends Record<K, z.ZodType>> = {
  [P in K]: Same<Plain<z.output<S[P]>>, Plain<EventData[P]>> extends true ? S[P] : {readonly differs: P}
}

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

type Plain<T> = T extends readonly (infer I)[] ? Plain<I>[] : T extends object ? {-readonly [K in keyof T]: Plain<T[K]>} : T

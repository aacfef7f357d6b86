/** What a single value of the file may be, with the words that refuse another. */
import {z} from 'zod'
import {parseDuration} from '../lib/durations.ts'

export const LONGEST_MS = 30 * 86_400_000

export function durationUpTo(limitMs: number, words: string, leastMs = 1): z.ZodString {
  const wants = `wants a duration with a unit, such as 90s or 5m, ${words}`
  return z
    .string({error: ({input}) => (typeof input === 'number' ? `wants a unit: ${input}s or ${input}m? (${words})` : wants)})
    .refine(text => isDuration(text, leastMs, limitMs), wants)
}

function isDuration(text: string, leastMs: number, mostMs: number): boolean {
  try {
    const ms = parseDuration(text)
    return ms >= leastMs && ms <= mostMs
  } catch {
    return false
  }
}

export const duration = durationUpTo(LONGEST_MS, 'above 0, at most 30d')
export const durationOrNone = durationUpTo(LONGEST_MS, 'at most 30d', 0)
export const STEP_ID = /^[a-z][a-z0-9_]{0,39}$/
export const RUNBOOK_ID = /^[a-z][a-z0-9-]{0,59}$/
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/
const OUTPUT_TYPES = ['string', 'int', 'number', 'bool'] as const

/** Words CEL keeps for itself, and the one lower-case name every object has. */
const RESERVED: ReadonlySet<string> = new Set([
  'as', 'break', 'const', 'constructor', 'continue', 'else', 'false', 'for', 'function', 'if', 'import', 'in', 'let', 'loop', 'namespace', 'null',
  'package', 'return', 'true', 'var', 'void', 'while',
]) // biome-ignore format: a list to read, not a column

export function isFreeWord(id: string): boolean {
  return !RESERVED.has(id)
}

const idWords = 'wants a-z, 0-9 and _, beginning with a letter, at most 40 (no -: it is minus in an expression)'
export const stepId = z
  .string('wants text')
  .regex(STEP_ID, idWords)
  .refine(isFreeWord, {error: ({input}) => `wants another word than "${String(input)}": expressions keep that for themselves`})
  .refine(id => id !== 'undo', 'is what the undo of a step is called')
export const text = z.string('wants text').min(1, 'is empty')
export const cel = z.string('wants an expression as text').min(1, 'is empty')
export const anyValue: z.ZodType = z.lazy(() => z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(anyValue), z.record(z.string(), anyValue)]))
export const withMap = z.record(z.string(), anyValue, 'wants a map')
export const scalar = z.union([z.string(), z.number(), z.boolean()], 'wants a text, number or bool')
export const constant = text.refine(value => !value.includes('${{'), 'is constant: no $' + '{{ }} here')
export const outputTypes = z.record(stepId, z.enum(OUTPUT_TYPES, 'wants string, int, number or bool'))
export const texts = z.record(z.string().regex(VARIABLE, 'is not a variable name'), z.string('wants text: quote numbers'))

const REFERENCE = 'wants env:NAME, file:/path or exec:["program", "argument"]'
export const secrets = z.record(z.string().regex(VARIABLE, 'is not a variable name'), z.string(REFERENCE).refine(isReference, REFERENCE))

/** The form only; what stands there instead may be the secret itself, so no message repeats it. */
function isReference(reference: string): boolean {
  if (reference.includes('${{')) return false
  if (!reference.startsWith('exec:')) return /^(?:env:[A-Za-z_]\w{0,99}|file:\/[^\0]{1,1000})$/.test(reference)
  try {
    const argv: unknown = JSON.parse(reference.slice('exec:'.length))
    return Array.isArray(argv) && argv.length > 0 && argv[0] !== '' && argv.every(item => typeof item === 'string')
  } catch {
    return false
  }
}

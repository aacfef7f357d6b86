import type * as z from 'zod'
import type {EventKind} from '../../incident/events.ts'
import {incident} from './incident.ts'
import {outside} from './outside.ts'
import {rod} from './rod.ts'
import {run} from './run.ts'

/** Every kind has a schema: this does not compile without. Zod is loaded here, so this module only by import. */
const SCHEMAS: Readonly<Record<EventKind, z.ZodType>> = {...incident, ...rod, ...run, ...outside}

const LONGEST = 200

/**
 * What is wrong with the data of a known kind, in one line; undefined: it fits. Fields we do not know are allowed: a later
 * version may say more. The line holds names of ours and no value that came in.
 */
export function checkData(kind: string, data: unknown): string | undefined {
  const checked = Object.hasOwn(SCHEMAS, kind) ? SCHEMAS[kind as EventKind].safeParse(data) : undefined // just looked up
  if (!checked || checked.success) return undefined
  const [first] = checked.error.issues
  return `${kind} ${first?.path.map(String).join('.') || 'data'}: ${first?.message ?? 'does not fit'}`.slice(0, LONGEST)
}

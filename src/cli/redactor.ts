import {makeRedactor} from '../lib/redact.ts'

/**
 * One for the whole process: what any desk resolved is known to whoever prints last, and a bug's message may hold anything.
 */
export const redactor = makeRedactor()

import {z} from 'zod'
import {parseDuration} from './durations.ts'
import {Fault} from './fault.ts'

/** `90s`, `15m`, `1h30m` in a file → whole milliseconds. */
export const durationText = z
  .string()
  .meta({pattern: '^([0-9]+(ms|s|m|h|d))+$', description: 'a duration with its unit: 90s, 15m, 1h30m'})
  .transform((text, context) => {
    try {
      return parseDuration(text)
    } catch (error) {
      context.addIssue({code: 'custom', message: error instanceof Fault ? error.message : String(error)})
      return z.NEVER
    }
  })

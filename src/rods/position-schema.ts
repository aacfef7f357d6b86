import {z} from 'zod'
import {strictMap} from '../lib/strict-map.ts'

/** `unknown` is what a look answers when it cannot tell; as the name of a position it would be believed. */
const positionName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'a position is a-z, 0-9 and -, begins with a letter and has at most 40 characters')
  .refine(name => name !== 'unknown' && name !== 'none', 'that is no name for a position')

const named = z
  .array(positionName)
  .min(2)
  .max(20)
  .refine(([first]) => first === 'withdrawn', 'the first position is always `withdrawn`')
  .refine(isUnique, 'a position is listed twice')

/** From least to most reduced, a share that is refused, or a rate that is admitted. */
export const positions = z.union([
  named,
  strictMap({percent: strictMap({step: z.number().int().min(1).max(100)})}),
  strictMap({
    rate: z
      .array(z.union([z.number().min(0).max(999_999_999), z.literal('none')]))
      .min(2)
      .max(100)
      .refine(rates => rates.includes('none'), 'a rate rod wants `none`, which is withdrawn')
      .refine(isUnique, 'a rate is listed twice'),
  }),
])

function isUnique(items: readonly unknown[]): boolean {
  return new Set(items).size === items.length
}

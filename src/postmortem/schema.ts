import {z} from 'zod'
import {strictMap} from '../lib/strict-map.ts'

/** The section `postmortem` of `scram.yaml`. */
export const postmortem = strictMap({
  layout: z.literal('scram', 'this version has the layout `scram`').default('scram'),
  redact: z.array(z.string().trim().min(2, 'shorter than two characters would blank every word')).default([]).describe('names that must not be published'),
})

import * as z from 'zod'
import * as w from './words.ts'

const ofStream = {stream: w.text, epoch: w.whole, seq: w.whole}

/** What reached the outside, and what came in from it. */
export const outside = {
  'page.published': z.object({target: w.text, revision: w.number, digest: w.text, ms: w.number}),
  'page.failed': z.object({target: w.text, revision: w.number, code: w.text, reason: w.text}),
  'delivery.queued': z.object({delivery: w.text, channel: w.text, of: w.text}),
  'delivery.sent': z.object({delivery: w.text, channel: w.text}),
  'delivery.failed': z.object({delivery: w.text, channel: w.text, code: w.text, reason: w.text}),
  'maintenance.scheduled': z.object({maintenance: w.text, title: w.text, from: w.text, to: w.text, components: w.texts, text: w.maybe(w.text)}),
  'maintenance.started': z.object({maintenance: w.text}),
  'maintenance.verifying': z.object({maintenance: w.text}),
  'maintenance.completed': z.object({maintenance: w.text}),
  'maintenance.cancelled': z.object({maintenance: w.text, why: w.maybe(w.text)}),
  'postmortem.drafted': z.object({path: w.text, head: w.text, digest: w.text, unwritten: w.texts}),
  'postmortem.published': z.object({path: w.text, digest: w.text, url: w.maybe(w.text)}),
  'stream.stopped': z.object({
    ...ofStream,
    reason: z.enum(['oversize', 'corrupt', 'newer', 'fork', 'invalid', 'crashed']),
    digest: w.text,
    detail: w.maybe(w.text),
  }),
  'stream.resumed': z.object(ofStream),
  'stream.skipped': z.object({...ofStream, why: w.text}),
  'journal.epoch': z.object({reason: z.enum(['salvage', 'restore', 'machine']), previous: w.number, detail: w.maybe(w.text)}),
}

export const isExact: w.Exactly<keyof typeof outside, typeof outside> = outside

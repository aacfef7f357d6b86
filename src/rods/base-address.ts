import {z} from 'zod'

/** Where an API begins; its paths are appended, so a query or a fragment would swallow them. */
export const baseAddress = z
  .string()
  .max(2048)
  .refine(isBase, 'must be an http:// or https:// address without user:password, query and fragment')
  .transform(text => text.replace(/\/+$/, ''))

function isBase(text: string): boolean {
  const address = /[\p{Cc}\s?#\\]/u.test(text) ? null : URL.parse(text)
  return address !== null && /^https?:$/.test(address.protocol) && address.username === '' && address.password === ''
}

/** A secret is named, never written. */
export const secretReference = z.string().regex(/^(env|file|exec):/, 'must be a reference: env:NAME, file:/path, exec:[argv]')

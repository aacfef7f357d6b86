import type {Reach} from './rod.ts'

/** The host an address leads to; nothing for one that does not parse. */
export function hostOf(address: string): readonly Reach[] {
  const host = URL.parse(address)?.hostname
  return host ? [{host}] : []
}

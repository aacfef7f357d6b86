import type {Reach} from './rod.ts'

/** Where one Redis listens, and as whom it is asked. */
export interface RedisAddress {
  readonly at: {readonly path: string} | {readonly host: string; readonly port: number; readonly isTls: boolean}
  readonly username: string | null
  readonly password: string | null
  readonly db: number
}

const DEFAULT_PORT = 6379

/**
 * `redis://[user:password@]host[:port][/db]`, the same with `rediss://` (TLS), `unix:/path[?db=N]`. Null for anything else,
 * options in the query too: one that is quietly ignored may be what made the connection safe.
 */
export function redisAddress(text: string): RedisAddress | null {
  const [, path, unixDb = '0'] = /^unix:(?:\/\/)?(\/[^?#\p{Cc}]{1,100})(?:\?db=(\d{1,5}))?$/u.exec(text) ?? []
  if (path !== undefined) return {at: {path}, username: null, password: null, db: Number(unixDb)}
  const url = URL.parse(text)
  const db = /^\/?(\d{0,5})$/.exec(url?.pathname ?? '')?.[1]
  if (!url || db === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === '' || url.search !== '' || url.hash !== '') return null
  const username = decoded(url.username)
  const password = decoded(url.password)
  if (username === undefined || password === undefined) return null
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  return {at: {host, port: Number(url.port || DEFAULT_PORT), isTls: url.protocol === 'rediss:'}, username, password, db: Number(db)}
}

export function reachOf({at}: RedisAddress): Reach {
  return 'path' in at ? {path: at.path} : {host: at.host}
}

/** Null: there is none; undefined: its percent signs are not escapes. */
function decoded(part: string): string | null | undefined {
  if (part === '') return null
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

// Of got the bundle holds what one plain request needs. HTTP/2 and the cache are options nobody here sets
// (src/lib/http-exchange.ts is the one door), and still got loads both at its top: node:http2 and 60 KB, a third of what the
// first request of a process cost. Each part becomes one that says so when it is used.
const PARTS = [
  ['node:http2', 'export class Http2ServerResponse {}; export const constants = {}'], // only ever asked `instanceof`
  ['./utils/http2-client.js', 'export default new Proxy({}, {get: (_, key) => { throw new Error(`got: HTTP/2 (${String(key)}) is not in the bundle`) }})'],
  [
    'cacheable-request',
    `export class CacheError extends Error {}
    export default class { constructor() { throw new Error('got: its cache is not in the bundle') } }`,
  ],
]
const LEFT_OUT = '\0got-without:'

export function plainHttp() {
  const missed = new Set(PARTS.map(([name]) => name))
  return {
    name: 'plain-http',
    resolveId(source, importer) {
      if (!/[\\/]got[\\/]dist[\\/]/.test(importer ?? '') || !PARTS.some(([name]) => name === source)) return null
      missed.delete(source)
      return `${LEFT_OUT}${source}`
    },
    load(id) {
      return id.startsWith(LEFT_OUT) ? PARTS.find(([name]) => name === id.slice(LEFT_OUT.length))[1] : null
    },
    buildEnd() {
      if (missed.size > 0) throw new Error(`got has changed: it does not import ${[...missed].join(', ')} any more; tools/bundle/plain-http.mjs`)
    },
  }
}

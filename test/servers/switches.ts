import {createServer, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

/**
 * Any number of switches behind one admin API, as a fleet has them: PUT and GET `/admin/NAME`, and `/app/NAME`, which
 * users meet. A switch exists when it is first asked about.
 */
export interface Switch {
  position: string
  /** What its control side does with a PUT. */
  mood: 'well' | 'lying' | 'refusing' | 'hanging' | 'slow'
  /** How long after a PUT users see it, ms. */
  lagMs: number
  readonly calls: {readonly method: string; readonly position: string; readonly atMs: number}[]
}

export interface Switches {
  readonly url: string
  of(name: string): Switch
  close(): Promise<void>
}

export async function startSwitches(): Promise<Switches> {
  const all = new Map<string, Switch & {shown: string}>()
  const of = (name: string) => {
    const known = all.get(name) ?? {position: 'withdrawn', shown: 'withdrawn', mood: 'well' as const, lagMs: 0, calls: []}
    all.set(name, known)
    return known
  }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      const [, side, name = ''] = (request.url ?? '').split('/')
      const one = of(name)
      if (side === 'app') {
        const shown = one.lagMs === 0 ? one.position : one.shown
        return void response.writeHead(shown === 'withdrawn' ? 200 : shown === 'inserted' ? 503 : 429, {'x-position': shown}).end()
      }
      if (request.method === 'GET') return answer(response, {position: one.position})
      const {position} = JSON.parse(body) as {position: string}
      one.calls.push({method: request.method ?? '', position, atMs: Date.now()})
      set(one, position, response)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    of,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function set(one: Switch & {shown: string}, position: string, response: ServerResponse): void {
  if (one.mood === 'refusing') return void response.writeHead(403).end()
  if (one.mood === 'hanging') return
  if (one.mood !== 'lying') {
    one.position = position
    if (one.lagMs > 0) setTimeout(() => Object.assign(one, {shown: position}), one.lagMs).unref()
    else one.shown = position
  }
  if (one.mood === 'slow') setTimeout(() => answer(response, {position}), 1500)
  else answer(response, {position})
}

function answer(response: ServerResponse, body: object): void {
  response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify(body))
}

/** A rod of `scram.yaml` (indented by two) over one switch; `more` are further lines of it. */
export function switchRod(url: string, id: string, more: readonly string[] = []): string {
  return [
    `  ${id}:`,
    `    title: The switch ${id}`,
    `    what: What ${id} does`,
    '    spares: All else',
    '    driver: http',
    '    positions: [withdrawn, half, inserted]',
    `    with: {set: {method: PUT, url: "${url}/admin/${id}", json: {position: "{value}"}}, get: {url: "${url}/admin/${id}", json: $.position}}`,
    `    probe: {http: {url: "${url}/app/${id}", expect: {withdrawn: {status: 200}, half: {status: 429}, inserted: {status: 503}}}}`,
    '    verify: {timeout: 2s, every: 20ms, consecutive: 2}',
    ...(more.some(line => line.startsWith('cooldown')) ? [] : ['    cooldown: 0s']),
    ...more.map(line => `    ${line}`),
  ].join('\n')
}

/** A gauge a test turns: `/gauge` answers `{q: N}` of whatever it is set to; null: it never answers. */
export interface GaugeServer {
  readonly url: string
  value: number | null
  close(): Promise<void>
}

export async function startGauge(): Promise<GaugeServer> {
  const server = createServer((_, response) => {
    if (gauge.value !== null) answer(response, {q: gauge.value})
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const gauge: GaugeServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/gauge`,
    value: 0,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return gauge
}

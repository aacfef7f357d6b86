import {chown, readFile, rm, writeFile} from 'node:fs/promises'
import {Agent, request} from 'node:http'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {setTimeout as nap} from 'node:timers/promises'
import type {RodSection} from '../../../src/rods/open-rod.ts'
import type {Bench, Several} from '../../contracts/driver.ts'
import {type Chaos, calm, startChaos} from '../../servers/chaos.ts'
import {type Haproxy, startHaproxy} from '../../servers/haproxy.ts'
import {type Impostor, startImpostor} from '../../servers/impostor.ts'
import {rodOf} from '../open-driver.ts'

/** What a rod of the bench moves, and how the bench's own traffic and its own hands see it. */
interface Kind {
  readonly section: (folder: string) => Partial<RodSection>
  readonly via?: 'tcp'
  readonly socket: 'admin' | 'oper'
  effect(haproxy: Haproxy): Promise<string>
  moveBehind(haproxy: Haproxy, to: string): Promise<void>
}

export const VALUES = {withdrawn: 'off', writes: 'writes', inserted: 'on'}
const NAMED = ['withdrawn', 'writes', 'inserted']
const MAP = '# rods of the edge\n\napi off\n\tshare   0  \nother on'

const named = (more: Record<string, unknown> = {}) => ({
  section: (folder: string) => ({positions: NAMED, with: {map: `${folder}/rods.map`, key: 'api', values: VALUES, ...more}}),
  socket: 'oper' as const,
  effect: namedEffect,
  moveBehind: (haproxy: Haproxy, to: string) => editAndReload(haproxy, 'api', VALUES[to as keyof typeof VALUES]),
})

export const KINDS: Readonly<Record<'map' | 'map on tcp' | 'persisted map' | 'percent map' | 'server' | 'frontend', Kind>> = {
  map: named(),
  'map on tcp': {...named(), via: 'tcp'},
  'persisted map': named({persist: true}),
  'percent map': {
    section: folder => ({positions: {percent: {step: 25}}, with: {map: `${folder}/rods.map`, key: 'share'}}),
    socket: 'oper',
    effect: shareEffect,
    moveBehind: (haproxy, to) => editAndReload(haproxy, 'share', String(Number.parseInt(to, 10) || 0)),
  },
  server: {
    section: () => ({positions: ['withdrawn', 'drain', 'maint'], with: {server: 'app/a'}}),
    socket: 'admin',
    effect: serverEffect,
    async moveBehind(haproxy, to) {
      await haproxy.reload()
      await haproxy.ask(`set server app/a state ${to === 'withdrawn' ? 'ready' : to}`)
    },
  },
  frontend: {
    section: () => ({positions: ['withdrawn', 'inserted'], with: {frontend: 'plain'}}),
    socket: 'admin',
    effect: async haproxy => ((await statusOf(await plainPort(haproxy))) === 200 ? 'withdrawn' : 'inserted'),
    async moveBehind(haproxy, to) {
      await haproxy.reload()
      await haproxy.ask(`${to === 'withdrawn' ? 'enable' : 'disable'} frontend plain`)
    },
  },
}

export interface HaproxyBench extends Bench {
  readonly haproxy: Haproxy
  readonly chaos: Chaos
  /** As the driver knows it. */
  readonly address: string
}

/** The haproxy driver, through the chaos proxy, on a real HAProxy. It knows no credential but the level of its socket. */
export async function haproxyBench(kind: Kind, {take}: EdgeKeeper): Promise<HaproxyBench> {
  const haproxy = await take()
  const real = kind.via === 'tcp' ? haproxy.cliPort : join(haproxy.folder, `${kind.socket}.sock`)
  let upstream: number | string = real
  const chaos = await startChaos(() => upstream, kind.via === 'tcp' ? undefined : join(haproxy.folder, 'chaos.sock'))
  const address = kind.via === 'tcp' ? `tcp:127.0.0.1:${chaos.port}` : `unix:${haproxy.folder}/chaos.sock`
  const others: (Haproxy | Impostor)[] = []
  const rodOn = (sockets: Record<string, string>) => {
    const section = kind.section(haproxy.folder)
    return rodOf({driver: 'haproxy', ...section, with: {sockets, ...section.with}})
  }
  const rod = rodOn({edge: address})
  const impostor = async (answer: (line: string) => string | null) => {
    const started = await startImpostor(join(haproxy.folder, `impostor-${others.length}.sock`), answer, join(haproxy.folder, 'admin.sock'))
    others.push(started)
    return started.path
  }

  return {
    haproxy,
    chaos,
    address,
    driver: await rod.driver(),
    positions: rod.positions,
    secret: 'no credential: this socket has none',
    effect: () => kind.effect(haproxy),
    writes: async () => chaos.connections.flatMap(({said}) => said.split('\n')).filter(line => !/^(?:show |$)/.test(line)).length,
    moveBehind: (to: string) => kind.moveBehind(haproxy, to),
    async become(condition) {
      Object.assign(chaos.weather, calm)
      upstream = real
      switch (condition) {
        case 'down':
          return chaos.close()
        case 'silent':
          chaos.weather.blackhole = true
          return
        case 'dripping':
          Object.assign(chaos.weather, {bytesPerSecond: 20, sliceTo: 1})
          return
        case 'reset':
          chaos.weather.resetOnAccept = true
          return
        case 'reply-lost':
          chaos.weather.resetAfter = 0
          return
        case 'lying':
          upstream = await impostor(line => (line.startsWith('show ') ? null : '\n'))
          return
        case 'unintelligible':
          upstream = await impostor(() => '<h1>Please log in</h1>\n\n')
          return
        case 'bad-credential':
          upstream = join(haproxy.folder, 'oper.sock')
          return
        case 'no-such-target': {
          const stranger = await startHaproxy({config: () => DEFAULTS})
          others.push(stranger)
          upstream = join(stranger.folder, `${kind.socket}.sock`)
          return
        }
        case 'restarted':
          await haproxy.stop()
          return haproxy.start()
        case 'well':
      }
    },
    ...(kind === KINDS.map && {
      async several(): Promise<Several> {
        const more = await Promise.all([startEdge(haproxy.folder), startEdge(haproxy.folder)])
        others.push(...more)
        const living: Record<string, Haproxy> = {edge: haproxy}
        const sockets: Record<string, string> = {edge: address, dead: `unix:${haproxy.folder}/dead.sock`}
        for (const [i, edge] of more.entries()) {
          living[`edge${i}`] = edge
          sockets[`edge${i}`] = `unix:${edge.folder}/oper.sock`
        }
        const effect = async (target: string) => (living[target] ? kind.effect(living[target]) : 'unknown')
        return {driver: await rodOn(sockets).driver(), down: 'dead', effect}
      },
    }),
    async close() {
      for (let tries = 0; chaos.open() > 0 && tries < 100; tries++) await nap(10)
      const left = chaos.open()
      await chaos.close()
      await Promise.all(others.map(other => other.close()))
      if (left > 0) throw new Error(`the driver left ${left} connections open`)
    },
  }
}

const DEFAULTS = `  maxconn 200
defaults
  mode http
  timeout connect 2s
  timeout client 10s
  timeout server 10s
frontend public
  bind fd@3
  http-request return status 200
`

/** One HAProxy for many tests: to start one takes longer than most of them. */
export interface EdgeKeeper {
  /** As it was when it started, whatever the last test did to it. */
  readonly take: () => Promise<Haproxy>
  close(): Promise<void>
}

export function keepEdge(): EdgeKeeper {
  let edge: Haproxy | undefined
  return {
    async take() {
      edge ??= await startEdge()
      await writeMap(edge, MAP)
      const map = join(edge.folder, 'rods.map')
      const lines = [`clear map ${map}`, ...entriesOf(MAP).map(entry => `add map ${map} ${entry}`), ...AS_CONFIGURED]
      await edge.ask(lines.join(';'))
      return edge
    },
    close: async () => edge?.close(),
  }
}

const AS_CONFIGURED = ['set server app/a state ready', 'set server app/a weight 1', 'enable frontend plain', 'set maxconn frontend plain 200']

const entriesOf = (map: string) => map.split('\n').filter(line => line !== '' && !line.startsWith('#'))

/** As the owner that HAProxy runs as. */
export async function writeMap({folder}: Haproxy, text: string): Promise<void> {
  const file = join(folder, 'rods.map')
  await rm(file, {force: true})
  await writeFile(file, text)
  if (process.getuid?.() === 0) await chown(file, 65_534, 65_534)
}

/**
 * One configuration for every kind. `plain` binds a port of its own: HAProxy never stops to listen on an inherited one.
 * `mapsIn`: where the map is, for several HAProxies that know it by one name.
 */
export async function startEdge(mapsIn?: string): Promise<Haproxy> {
  for (let tries = 1; ; tries++) {
    const plain = await freePort()
    try {
      const config = (folder: string) => edgeConfig(folder, join(mapsIn ?? folder, 'rods.map'), plain)
      return await startHaproxy({config, files: {'rods.map': MAP, 'plain-port': String(plain)}})
    } catch (error) {
      if (tries === 3 || !String(error).includes('cannot bind')) throw error
    }
  }
}

const edgeConfig = (folder: string, map: string, plain: number) => `  stats socket fd@4 level operator
  maxconn 200
defaults
  mode http
  timeout connect 2s
  timeout client 10s
  timeout server 10s
frontend public
  bind fd@3
  http-request set-var(txn.rod) str(api),map(${map},off)
  http-request return status 503 content-type text/plain string "maintenance" hdr Retry-After 120 if { var(txn.rod) -m str on }
  http-request return status 503 content-type text/plain string "read only" if { var(txn.rod) -m str writes } { method POST }
  http-request set-var(txn.share) str(share),map(${map},0)
  acl shed rand(100),sub(txn.share) lt 0
  http-request return status 429 if shed
  default_backend app
frontend plain
  bind 127.0.0.1:${plain}
  http-request return status 200
frontend a
  bind unix@${folder}/a.sock
  http-request return status 200 content-type text/plain string a
frontend b
  bind unix@${folder}/b.sock
  http-request return status 200 content-type text/plain string b
backend app
  balance roundrobin
  cookie SRV insert indirect nocache
  server a unix@${folder}/a.sock cookie a
  server b unix@${folder}/b.sock cookie b
`

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('a listening server without a port')
  return address.port
}

export const plainPort = async ({folder}: Haproxy) => Number(await readFile(join(folder, 'plain-port'), 'utf8'))

/** Somebody edits the file and reloads: the usual way a map moves behind our back. */
export async function editAndReload(haproxy: Haproxy, key: string, value: string): Promise<void> {
  const text = await readFile(join(haproxy.folder, 'rods.map'), 'utf8')
  await writeMap(haproxy, text.replace(new RegExp(`^(\\s*${key}\\s+)\\S+`, 'm'), `$1${value}`))
  await haproxy.reload()
}

async function namedEffect({port}: Haproxy): Promise<string> {
  if ((await statusOf(port)) === 503) return 'inserted'
  return (await statusOf(port, {method: 'POST'})) === 503 ? 'writes' : 'withdrawn'
}

/** Enough that the nearest quarter is the right one: 25 points are ten standard deviations. */
const SAMPLES = 400

async function shareEffect({port}: Haproxy): Promise<string> {
  const agent = new Agent({keepAlive: true, maxSockets: 8})
  const statuses = await Promise.all(Array.from({length: SAMPLES}, () => statusOf(port, {agent})))
  agent.destroy()
  const quarter = Math.round((statuses.filter(status => status === 429).length / SAMPLES) * 4) * 25
  return quarter === 0 ? 'withdrawn' : `${quarter}%`
}

/** In drain a session that belongs to `a` still gets there, new ones do not; in maintenance nobody does. */
async function serverEffect({port}: Haproxy): Promise<string> {
  const sticky = await bodyOf(port, {headers: {cookie: 'SRV=a'}})
  const fresh: string[] = []
  for (let i = 0; i < 4; i++) fresh.push(await bodyOf(port))
  return fresh.includes('a') ? 'withdrawn' : sticky === 'a' ? 'drain' : 'maint'
}

interface Asked {
  readonly path?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly agent?: Agent | false
}

const bodyOf = async (port: number, asked: Asked = {}) => (await exchange(port, asked)).body
/** 0: the connection was refused. */
export const statusOf = async (port: number, asked: Asked = {}) => (await exchange(port, asked)).status

function exchange(port: number, {path = '/', method = 'GET', headers = {}, agent = false}: Asked): Promise<{status: number; body: string}> {
  return new Promise((resolve, reject) => {
    const asking = request({host: '127.0.0.1', port, path, method, headers, agent, timeout: 5000}, response => {
      let body = ''
      response.on('data', chunk => {
        body += chunk
      })
      response.on('end', () => resolve({status: response.statusCode ?? 0, body}))
    })
    asking.on('timeout', () => asking.destroy(new Error('no answer within 5 s')))
    asking.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNREFUSED' ? resolve({status: 0, body: ''}) : reject(error)))
    asking.end()
  })
}

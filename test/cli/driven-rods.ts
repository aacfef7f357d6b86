import {get} from 'node:http'
import {join} from 'node:path'
import {startAdminApi} from '../servers/admin-api.ts'
import {startFlagApi} from '../servers/flag-api.ts'
import {startHaproxy} from '../servers/haproxy.ts'
import {startHerokuPlatform} from '../servers/heroku-platform.ts'
import {startImpostor} from '../servers/impostor.ts'
import {startRedis} from '../servers/redis.ts'
import {startGate} from '../servers/redis-gate.ts'
import {command, file, through} from './driven-files.ts'

/** What a control side does that cannot be trusted: acknowledges and moves nothing; or reads as if it had moved, too. */
export type Lie = 'acknowledges only' | 'and reads as if it had'

/**
 * One rod of `scram.yaml` on the system of its driver, for the program itself to move: from `withdrawn` to `shut`, which
 * is called so because then no word of the program's own may say "inserted" but as a claim.
 */
export interface DrivenRod {
  readonly driver: string
  readonly with: Readonly<Record<string, unknown>>
  /** What users meet. */
  effect(): Promise<string>
  /** Calls that moved it, or were meant to. */
  writes(): Promise<number>
  lie(how: Lie): Promise<void>
  /** The credential `env:ROD_TOKEN` is no good any more, and the answer repeats it. Absent: the driver has none. */
  refuse?(): Promise<void>
  close(): Promise<void>
}

/** Each takes what `env:ROD_TOKEN` holds. */
export const DRIVEN: Readonly<Record<string, (token: string) => Promise<DrivenRod>>> = {http, command, file, through, haproxy, redis, heroku, unleash}
/** The program of the machine that a rod needs. */
export const NEEDS: Readonly<Record<string, string>> = {haproxy: 'haproxy', redis: 'redis-server'}

/** The section, indented by two; the probe asks `usersPath`. */
export function section(id: string, {driver, with: options}: DrivenRod, usersPath: string, verify = '{timeout: 5s, every: 20ms, consecutive: 2}'): string {
  return [
    `  ${id}:`,
    `    {title: T, what: W, spares: S, cooldown: 0s, positions: [withdrawn, shut], verify: ${verify}, driver: ${driver}, with: ${JSON.stringify(options)},`,
    `     probe: {http: {url: "${usersPath}", headers: {authorization: "Bearer env:PROBE_TOKEN"}, expect: {withdrawn: {status: 200}, shut: {status: 503}}}}}`,
  ].join('\n')
}

async function http(token: string): Promise<DrivenRod> {
  const api = await startAdminApi(token)
  const url = `http://127.0.0.1:${api.port()}/admin/limit`
  const headers = {authorization: 'Bearer env:ROD_TOKEN'}
  return {
    driver: 'http',
    with: {set: {method: 'PUT', url, headers, json: {limit: '{value}'}}, get: {url, headers, json: '$.limit'}, values: {withdrawn: 0, shut: 1}},
    effect: async () => (api.limit === 0 ? 'withdrawn' : 'shut'),
    writes: async () => api.requests.filter(({method}) => method !== 'GET').length,
    async lie(how) {
      let claimed = api.limit
      api.answer = ({method, body}, response) => {
        if (method !== 'GET') claimed = (JSON.parse(body) as {limit: unknown}).limit
        else if (how === 'acknowledges only') return undefined
        return Boolean(response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify({limit: claimed})))
      }
    },
    async refuse() {
      api.answer = ({headers: {authorization = ''}}, response) =>
        Boolean(response.writeHead(401, {'content-type': 'application/json'}).end(JSON.stringify({error: echo(authorization.replace('Bearer ', ''))})))
    },
    close: () => api.stop(),
  }
}

const echo = (token: string) => `who is ${token}, ${Buffer.from(token).toString('base64')}, ${Buffer.from(`me:${token}`).toString('base64')}?`

async function haproxy(): Promise<DrivenRod> {
  const config = (folder: string) =>
    [
      'defaults',
      '  mode http',
      '  timeout connect 2s',
      '  timeout client 5s',
      '  timeout server 5s',
      'frontend edge',
      '  bind fd@3',
      `  http-request return status 503 if { path,map_beg(${folder}/rods.map,off) -m str on }`,
      '  http-request return status 200',
      '',
    ].join('\n')
  const lb = await startHaproxy({config, files: {'rods.map': '/api off\n'}})
  let lie: Lie | null = null
  const sets: string[] = []
  const impostor = await startImpostor(
    join(lb.folder, 'way-in.sock'),
    line => {
      if (line.startsWith('set map')) sets.push(line)
      if (lie !== null && line.startsWith('set map')) return '\n'
      if (lie === 'and reads as if it had' && line.startsWith('show map') && sets.length > 0) return `0x1 /api ${sets.at(-1)?.split(' ').at(-1)}\n\n`
      return null
    },
    join(lb.folder, 'oper.sock'),
  )
  return {
    driver: 'haproxy',
    with: {sockets: {edge: `unix:${impostor.path}`}, map: `${lb.folder}/rods.map`, key: '/api', values: {withdrawn: 'off', shut: 'on'}},
    effect: async () => ((await statusOf(`http://127.0.0.1:${lb.port}/api`)) === 503 ? 'shut' : 'withdrawn'),
    writes: async () => sets.length,
    async lie(how) {
      lie = how
    },
    async close() {
      await impostor.close()
      await lb.close()
    },
  }
}

function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, {agent: false}, response => resolve(response.resume().statusCode ?? 0)).on('error', reject)
  })
}

async function redis(token: string): Promise<DrivenRod> {
  const server = await startRedis()
  await server.cli('CONFIG', 'SET', 'requirepass', token)
  const gate = await startGate({upstream: server.socket, path: join(server.socket, '../gate.sock')})
  const look = () => server.cliWith(token, 'GET', 'pause')
  return {
    driver: 'redis',
    // 9, because a gate that lies gives one answer to every GET, and a fence is a number, too.
    with: {url: `unix:${server.socket.replace('r.sock', 'gate.sock')}`, password: 'env:ROD_TOKEN', key: 'pause', values: {shut: 9}},
    effect: async () => ((await look()) === '9' ? 'shut' : 'withdrawn'),
    writes: async () => gate.commands.filter(([word]) => word === 'EVAL').length,
    async lie(how) {
      gate.moods.set('EVAL', {says: '*2\r\n:1\r\n:9\r\n'})
      if (how === 'and reads as if it had') gate.moods.set('GET', {says: '$1\r\n9\r\n'})
    },
    async refuse() {
      gate.moods.set('AUTH', {says: `-WRONGPASS ${echo(token)}\r\n`})
    },
    async close() {
      await gate.close()
      await server.cliWith(token, 'CONFIG', 'SET', 'requirepass', server.password)
      await server.stop()
    },
  }
}

async function heroku(token: string): Promise<DrivenRod> {
  const platform = await startHerokuPlatform(token)
  return {
    driver: 'heroku-maintenance',
    with: {app: 'api-prod', token: 'env:ROD_TOKEN', base: `http://127.0.0.1:${platform.port()}`},
    effect: async () => (platform.visit('api-prod') === 503 ? 'shut' : 'withdrawn'),
    writes: async () => platform.requests.filter(({method}) => method === 'PATCH').length,
    async lie(how) {
      platform.lies = true
      if (how === 'acknowledges only') return
      platform.answer = ({method}, response) => {
        const last = platform.requests.findLast(request => request.method === 'PATCH')
        return method === 'GET' && last ? Boolean(response.writeHead(200, {'content-type': 'application/json'}).end(last.body)) : undefined
      }
    },
    async refuse() {
      platform.answer = (_, response) => Boolean(response.writeHead(401).end(JSON.stringify({id: 'unauthorized', message: echo(token)})))
    },
    close: () => platform.stop(),
  }
}

async function unleash(token: string): Promise<DrivenRod> {
  const api = await startFlagApi(token)
  return {
    driver: 'unleash',
    with: {url: api.url, flag: 'new-checkout', environment: 'production', token: 'env:ROD_TOKEN', inserted: 'disabled'},
    effect: async () => (api.isEnabled ? 'withdrawn' : 'shut'),
    writes: async () => api.writes(),
    async lie(how) {
      api.mood = how === 'acknowledges only' ? 'lying' : 'lying twice'
    },
    async refuse() {
      api.token = 'another'
    },
    close: () => api.close(),
  }
}

import {request as httpRequest} from 'node:http'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {type StartedChild, startChild} from '../start-child.ts'
import {type Postgres, startPostgres} from './postgres.ts'

export const ADMIN_TOKEN = '*:*.canary-admin-3e1b'
export const CLIENT_TOKEN = 'default:development.canary-client-9d44'
export const FLAGS = '/api/admin/projects/default/features'

export interface Answer {
  readonly status: number
  readonly body: string
}

/** The real Unleash on the real PostgreSQL, asked directly: what the tests arrange and what they hold the driver against. */
export interface Unleash {
  port(): number
  readonly postgres: Postgres
  ask(method: string, path: string, body?: unknown, token?: string): Promise<Answer>
  /** A flag that is off in every environment and has no strategy. */
  createFlag(): Promise<string>
  /** What SDKs are told: up to a second behind what was set. */
  told(flag: string): Promise<FlagView | null>
  /** What the admin side holds. */
  held(flag: string): Promise<FlagView>
  restart(): Promise<void>
  stop(): Promise<void>
}

export interface FlagView {
  readonly enabled: boolean
  readonly strategies: readonly {readonly id?: string; readonly parameters: {readonly rollout?: string}}[]
}

const here = dirname(fileURLToPath(import.meta.url))
let flags = 0

export async function startUnleash(programs: string): Promise<Unleash> {
  const postgres = await startPostgres(programs)
  const env = {PATH: process.env['PATH'] ?? '', HOME: postgres.folder, TZ: 'UTC'}
  const serve = () =>
    startChild({argv: [process.execPath, join(here, 'serve.mjs'), postgres.folder, 'unleash', ADMIN_TOKEN, CLIENT_TOKEN], env, cwd: postgres.folder})
  let server: StartedChild
  try {
    await postgres.sql("create role unleash login password 'unleash'")
    await postgres.sql('create database unleash owner unleash')
    server = await serve()
  } catch (error) {
    await postgres.stop()
    throw error
  }
  const ask: Unleash['ask'] = (method, path, body, token = ADMIN_TOKEN) => exchange({port: server.port, method, path, body, token})
  const json = async (path: string, token?: string) => JSON.parse((await ask('GET', path, undefined, token)).body)
  return {
    port: () => server.port,
    postgres,
    ask,
    async createFlag() {
      const name = `checkout-v${++flags}`
      const {status, body} = await ask('POST', FLAGS, {name, type: 'kill-switch'})
      if (status !== 201) throw new Error(`${name} was not created: ${status} ${body}`)
      return name
    },
    async told(flag) {
      const {features} = (await json('/api/client/features', CLIENT_TOKEN)) as {features: (FlagView & {name: string})[]}
      return features.find(({name}) => name === flag) ?? null
    },
    held: flag => json(`${FLAGS}/${flag}/environments/development`),
    async restart() {
      await server.stop()
      server = await serve()
    },
    async stop() {
      await server.stop()
      await postgres.stop()
    },
  }
}

/** A connection of its own each time: nothing is kept open over a restart. */
function exchange({port, method, path, body, token}: {port: number; method: string; path: string; body: unknown; token: string}): Promise<Answer> {
  const typed = body === undefined ? {} : {'content-type': 'application/json'}
  return new Promise((resolve, reject) => {
    const request = httpRequest({host: '127.0.0.1', port, method, path, agent: false, headers: {authorization: token, ...typed}}, response => {
      let text = ''
      response.setEncoding('utf8').on('data', chunk => {
        text += chunk
      })
      response.on('end', () => resolve({status: response.statusCode ?? 0, body: text})).on('error', reject)
    })
    request.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body))
  })
}

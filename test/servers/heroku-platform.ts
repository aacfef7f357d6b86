import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

export interface PlatformRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/**
 * A stand-in for the apps of Heroku's Platform API (GET and PATCH /apps/NAME), written from its published schema and its
 * table of errors, and for the router in front of an app. No real Heroku was driven with it; what holds it to the truth is
 * Heroku's own CLI, which works against it (test/peers/heroku).
 */
export interface HerokuPlatform {
  port(): number
  /** What the API got, in order. */
  readonly requests: readonly PlatformRequest[]
  /** By name. */
  readonly apps: ReadonlyMap<string, App>
  token: string
  /** Acknowledges and changes nothing. */
  lies: boolean
  /** Answers an API request itself; undefined goes on as usual. */
  answer: ((request: PlatformRequest, response: ServerResponse) => boolean | undefined) | null
  /** The status a user of the app gets through the router. */
  visit(name: string): number
  stop(): Promise<void>
  start(): Promise<void>
}

export interface App {
  readonly id: string
  readonly name: string
  maintenance: boolean
  updatedAt: string
}

const MOST_BYTES = 65_536

/** Statuses and ids of the API's errors, with sentences of our own. */
const ERRORS = {
  bad_request: [400, 'The request was invalid.'],
  unauthorized: [401, 'The credentials are not valid.'],
  not_found: [404, 'There is no such app.'],
  not_acceptable: [406, 'The Accept header must ask for version 3.'],
  invalid_params: [422, 'The parameters are not valid.'],
} as const

export async function startHerokuPlatform(token: string, names: readonly string[] = ['api-prod']): Promise<HerokuPlatform> {
  const apps = new Map(names.map((name, n): [string, App] => [name, {id: idOf(n + 1), name, maintenance: false, updatedAt: '2012-06-07T13:00:00Z'}]))
  const requests: PlatformRequest[] = []
  let server: Server = createServer()
  let port = 0
  const platform: HerokuPlatform = {
    requests,
    apps,
    token,
    lies: false,
    answer: null,
    port: () => port,
    visit: name => (apps.get(name)?.maintenance === false ? 200 : 503),
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
    async start() {
      server = createServer((request, response) => void receive(request, response))
      await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
      port = (server.address() as AddressInfo).port
    },
  }
  await platform.start()
  return platform

  async function receive(message: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of message.setEncoding('utf8')) {
      body += chunk
      if (body.length > MOST_BYTES) return void message.destroy()
    }
    const request = {method: message.method ?? '', url: message.url ?? '', headers: message.headers, body}
    requests.push(request)
    if (!platform.answer?.(request, response)) handle(request, response)
  }

  function handle({method, url, headers, body}: PlatformRequest, response: ServerResponse): void {
    const answer = (status: number, document: unknown) =>
      response.writeHead(status, {'content-type': 'application/json', 'request-id': idOf(requests.length)}).end(JSON.stringify(document))
    const refuse = (id: keyof typeof ERRORS) => answer(ERRORS[id][0], {id, message: ERRORS[id][1]})
    if (!/^application\/vnd\.heroku\+json; version=3(?:\.[\w-]+)?$/.test(headers.accept ?? '')) return void refuse('not_acceptable')
    if (headers.authorization !== `Bearer ${platform.token}`) return void refuse('unauthorized')
    const [, wanted = ''] = /^\/apps\/([^/]+)$/.exec(url) ?? []
    const app = apps.get(wanted) ?? [...apps.values()].find(({id}) => id === wanted)
    if (!app || (method !== 'GET' && method !== 'PATCH')) return void refuse('not_found')
    if (method === 'GET') return void answer(200, shown(app))
    const change = maintenanceIn(body, headers['content-type'])
    if (change === 'bad_request' || change === 'invalid_params') return void refuse(change)
    if (!platform.lies && change !== null) Object.assign(app, {maintenance: change, updatedAt: new Date().toISOString().replace(/\.\d+/, '')})
    answer(200, shown({...app, maintenance: change ?? app.maintenance}))
  }
}

/** The members of `app` as the schema lists them; those of no interest here are what a small app has. */
function shown({id, name, maintenance, updatedAt}: App): unknown {
  return {
    acm: true,
    archived_at: null,
    build_stack: {id: idOf(901), name: 'heroku-24'},
    buildpack_provided_description: 'Node.js',
    created_at: '2012-01-01T12:00:00Z',
    git_url: `https://git.heroku.com/${name}.git`,
    id,
    internal_routing: false,
    maintenance,
    name,
    organization: null,
    owner: {email: 'owner@example.com', id: idOf(902)},
    region: {id: idOf(903), name: 'us'},
    released_at: '2012-01-01T12:00:00Z',
    repo_size: 0,
    slug_size: 0,
    space: null,
    stack: {id: idOf(901), name: 'heroku-24'},
    team: null,
    updated_at: updatedAt,
    web_url: `https://${name}.herokuapp.com/`,
  }
}

/** Null: the request changes something else, or nothing. */
function maintenanceIn(body: string, contentType: string | undefined): boolean | null | 'bad_request' | 'invalid_params' {
  if (!/^application\/json\b/.test(contentType ?? '')) return 'bad_request'
  try {
    const parameters = JSON.parse(body) as {maintenance?: unknown} | null
    if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) return 'bad_request'
    const {maintenance = null} = parameters
    return maintenance === null || typeof maintenance === 'boolean' ? maintenance : 'invalid_params'
  } catch {
    return 'bad_request'
  }
}

const idOf = (n: number) => `01234567-89ab-4cde-8f01-${n.toString(16).padStart(12, '0')}`

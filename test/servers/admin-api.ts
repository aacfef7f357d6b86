import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

export interface AdminRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** An admin API as http rods meet it: GET and PUT /admin/limit behind a token, and a data path that obeys the limit. */
export interface AdminApi {
  port(): number
  /** Whatever the control side got, in order. */
  readonly requests: readonly AdminRequest[]
  limit: unknown
  etag: number
  /** Answers a control request itself; undefined goes on as usual. */
  answer: ((request: AdminRequest, response: ServerResponse) => boolean | undefined) | null
  token: string
  stop(): Promise<void>
  start(): Promise<void>
}

export async function startAdminApi(token: string): Promise<AdminApi> {
  const requests: AdminRequest[] = []
  let server: Server = createServer()
  const api: AdminApi = {
    requests,
    limit: 0,
    etag: 1,
    answer: null,
    token,
    port: () => (server.address() as AddressInfo).port,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
    async start() {
      server = createServer((request, response) => {
        let body = ''
        request.on('data', chunk => {
          body += chunk
        })
        request.on('end', () => handle({method: request.method ?? '', url: request.url ?? '', headers: request.headers, body}, response))
      })
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    },
  }
  await api.start()
  return api

  function handle(request: AdminRequest, response: ServerResponse): void {
    if (request.url === '/app') return void response.writeHead(api.limit === 0 ? 200 : api.limit === 4 ? 429 : 503).end()
    requests.push(request)
    if (api.answer?.(request, response)) return
    const json = (status: number, value: unknown) =>
      response.writeHead(status, {'content-type': 'application/json', etag: `"${api.etag}"`}).end(JSON.stringify(value))
    if (request.headers.authorization !== `Bearer ${api.token}`) return void json(401, {error: `no such token: ${request.headers.authorization}`})
    if (!request.url.startsWith('/admin/limit')) return void json(404, {error: 'not found'})
    if (request.method === 'GET') return void json(200, {limit: api.limit})
    const expected = request.headers['if-match']
    if (expected !== undefined && expected !== `"${api.etag}"`) return void json(412, {error: 'changed'})
    api.limit = (JSON.parse(request.body) as {limit: unknown}).limit
    api.etag++
    json(200, {limit: api.limit})
  }
}

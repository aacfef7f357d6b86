import {createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

export interface Call {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Parsed JSON; undefined when there was none. */
  readonly body: unknown
  /** Aborts when who asked has left before there was an answer. */
  readonly gone: AbortSignal
}

export interface Answer {
  readonly status: number
  readonly json: object
  readonly headers?: Readonly<Record<string, string>>
}

export interface Listening {
  readonly port: number
  close(): void
}

const LOOPBACK = '127.0.0.1'
const LARGEST_BODY = 64 * 1024

/**
 * A JSON server on a free port of the loopback address: no part of the drill takes a host from anybody. A body that is
 * too large or no JSON is answered with 400; an error of the handler with 500.
 */
export async function listen(answer: (call: Call) => Answer | Promise<Answer>): Promise<Listening> {
  const server = createServer((request, response) => {
    respond(request, response, answer).catch(() => response.destroy())
  })
  server.keepAliveTimeout = 1000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, LOOPBACK, resolve)
  })
  // A listening TCP server has an AddressInfo; a string is for pipes.
  const {address, port} = server.address() as AddressInfo
  if (address !== LOOPBACK) throw new Error(`the drill listens on ${address}, and must not`)
  return {
    port,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function respond(request: IncomingMessage, response: ServerResponse, answer: (call: Call) => Answer | Promise<Answer>): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  const {status, json, headers} = await whatTo(request, gone.signal, answer)
  if (response.destroyed) return
  response.writeHead(status, {'content-type': 'application/json', connection: 'close', ...headers})
  response.end(`${JSON.stringify(json)}\n`)
}

async function whatTo(request: IncomingMessage, gone: AbortSignal, answer: (call: Call) => Answer | Promise<Answer>): Promise<Answer> {
  const body = await readBody(request)
  if (body === 'bad') return {status: 400, json: {error: `a JSON body of at most ${LARGEST_BODY} bytes is expected`}}
  try {
    return await answer({method: request.method ?? 'GET', path: request.url ?? '/', headers: request.headers, body: body.json, gone})
  } catch (error) {
    return {status: 500, json: {error: String(error)}}
  }
}

async function readBody(request: IncomingMessage): Promise<'bad' | {json: unknown}> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > LARGEST_BODY) return 'bad'
    chunks.push(chunk)
  }
  if (bytes === 0) return {json: undefined}
  try {
    return {json: JSON.parse(Buffer.concat(chunks).toString('utf8'))}
  } catch {
    return 'bad'
  }
}

import {createServer, request as httpRequest, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {resetSocket} from '../../servers/reset-socket.ts'

/** What somebody between the driver and Unleash may do to a request; what it lets through, Unleash itself answers. */
export interface Mood {
  /** Acknowledges what would change something, and passes nothing on. */
  lies: boolean
  /** Passes on what would change something, and loses the answer. */
  losesAnswers: boolean
  /** Takes what would change something, and says nothing. */
  swallows: boolean
  /** Answers everything with a login page. */
  isPage: boolean
  /** Changes the path or the token on the way, so that Unleash itself refuses. */
  path: (path: string) => string
  token: (token: string) => string
}

export interface Gateway {
  readonly port: number
  readonly mood: Mood
  /** `POST /path`, in order, as they came in. */
  readonly requests: readonly string[]
  close(): Promise<void>
}

const same = (text: string) => text
export const kind: Mood = {lies: false, losesAnswers: false, swallows: false, isPage: false, path: same, token: same}

export async function startGateway(upstream: () => number): Promise<Gateway> {
  const mood = {...kind}
  const requests: string[] = []
  const server = createServer((message, response) => {
    const {method = '', url = ''} = message
    requests.push(`${method} ${url}`)
    const changes = method !== 'GET'
    if (mood.isPage) return void response.writeHead(200, {'content-type': 'text/html; charset=utf-8'}).end('<h1>Please log in</h1>')
    if (changes && mood.swallows) return void message.resume()
    if (changes && mood.lies) return void response.writeHead(200).end()
    pass(message, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    mood,
    requests,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }

  function pass(message: IncomingMessage, response: ServerResponse): void {
    const {method, url = '', headers} = message
    const loses = mood.losesAnswers && method !== 'GET'
    const authorization = mood.token(headers.authorization ?? '')
    const options = {host: '127.0.0.1', port: upstream(), method, path: mood.path(url), headers: {...headers, authorization}, agent: false as const}
    const onward = httpRequest(options, answer => {
      if (loses) return void answer.resume().on('end', () => resetSocket(message.socket))
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => resetSocket(message.socket))
    message.pipe(onward)
  }
}

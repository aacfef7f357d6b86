import {createServer, type IncomingMessage, type RequestListener, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'

/** A server on the path users take: what came in, and on which connections. */
export interface UserServer {
  readonly base: string
  readonly requests: IncomingMessage[]
  answer: RequestListener
  close(): Promise<void>
}

export async function userServer(answer: RequestListener = (_, response) => response.end('ok')): Promise<UserServer> {
  const requests: IncomingMessage[] = []
  const server: Server = createServer((request, response) => {
    requests.push(request)
    user.answer(request, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const user: UserServer = {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  return user
}

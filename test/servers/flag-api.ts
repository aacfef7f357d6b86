import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'

/**
 * A stand-in for the few calls of Unleash's admin API that move one flag in one environment. What the driver does on the
 * real Unleash is test/peers' to say; this one is here to lie, which the real one cannot be asked to.
 */
export interface FlagApi {
  readonly url: string
  /** How it is for the apps that ask. */
  isEnabled: boolean
  /** What its admin side does: moves · acknowledges only · acknowledges, and reads as if it had. */
  mood: 'well' | 'lying' | 'lying twice'
  token: string
  writes(): number
  close(): Promise<void>
}

export async function startFlagApi(token: string): Promise<FlagApi> {
  let writes = 0
  let claimed = true
  const strategies = [{id: 'all', name: 'flexibleRollout', disabled: false, parameters: {rollout: '100'}}]
  const server = createServer(({method, url = '', headers}, response) => {
    const answer = (status: number, document?: object) =>
      void response.writeHead(status, {'content-type': 'application/json'}).end(document && JSON.stringify(document))
    const {authorization = ''} = headers
    if (authorization !== api.token) return answer(401, {name: `no token ${authorization}, ${Buffer.from(authorization).toString('base64')}`})
    if (method === 'GET' && !url.includes('/environments/')) return answer(200, {archived: false})
    if (method === 'GET') return answer(200, {enabled: api.mood === 'lying twice' ? claimed : api.isEnabled, strategies})
    writes += 1
    claimed = url.endsWith('/on')
    if (api.mood === 'well') api.isEnabled = claimed
    return answer(200)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const api: FlagApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isEnabled: true,
    mood: 'well',
    token,
    writes: () => writes,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return api
}

import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'

/**
 * What a probe asks: 200 while users meet `withdrawn`, 503 while they meet anything else, 500 where nobody can tell. It
 * repeats the credential it was given, as careless servers do.
 */
export interface UsersPath {
  readonly url: string
  /** Looks that were answered. */
  looks(): number
  /** From the first look on for which `isDue` holds nobody is answered; resolves when one waits. Once at a time. */
  hold(isDue: () => Promise<boolean>): Promise<void>
  release(): void
  close(): Promise<void>
}

export async function startUsersPath(effect: () => Promise<string>): Promise<UsersPath> {
  let answered = 0
  let isDue: (() => Promise<boolean>) | null = null
  let whenHeld = () => {}
  let gate = Promise.resolve()
  let release = () => {}
  const server = createServer(async (request, response) => {
    if (await isDue?.()) whenHeld()
    if (isDue) await gate
    const met = await effect().catch(() => 'unknown')
    answered += 1
    const credential = request.headers.authorization ?? ''
    const headers = {'x-you-said': credential, 'x-in-base64': Buffer.from(credential).toString('base64')}
    response.writeHead(met === 'withdrawn' ? 200 : met === 'unknown' ? 500 : 503, headers).end(`for ${credential}`)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    looks: () => answered,
    hold(due) {
      return new Promise(resolve => {
        let isHeld = false
        const held = new Promise<void>(open => {
          release = open
        })
        gate = Promise.resolve()
        whenHeld = () => {
          isHeld = true
          gate = held
          resolve()
        }
        isDue = async () => isHeld || due()
      })
    },
    release() {
      isDue = null
      release()
    },
    close: () =>
      new Promise(resolve => {
        release()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

import {Fault} from '../lib/fault.ts'
import {ask} from './ask.ts'

const ASK_MS = 5000

/** Roles listen on the loopback address only. */
export const local = (port: number) => `http://127.0.0.1:${port}`

/** What a role answers, as JSON. @throws Fault net.unreachable when its process has ended · Error (a bug) for any status but 200 */
export const get = (url: string) => speak(url, 'GET')
export const post = (url: string, json: object) => speak(url, 'POST', json)

async function speak(url: string, method: 'GET' | 'POST', json?: object): Promise<unknown> {
  const answer = await ask(url, {method, timeoutMs: ASK_MS, ...(json && {json})}).catch(cause => {
    throw new Fault('net.unreachable', `a process of the drill does not answer (${url})`, {hints: ['scram drill down'], cause})
  })
  if (answer.status !== 200) throw new Error(`the drill answered ${answer.status} to ${method} ${url}`)
  return answer.json
}

import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {probeHttp} from '../../src/actions/probe-http.ts'
import {actionTable} from '../../src/actions/table.ts'
import type {JsonMap} from '../../src/runbook/ports.ts'

let server: Server
let statuses: number[]
beforeEach(async () => {
  statuses = []
  server = createServer((_, response) => {
    response.writeHead(statuses.shift() ?? 200, {location: 'http://127.0.0.1:1/'})
    response.end('said')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => new Promise(resolve => server.close(resolve)))

async function look(seen: readonly number[], more: JsonMap = {}) {
  statuses = [...seen]
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const performed = await probeHttp({url, samples: seen.length, ...more}, 5000, AbortSignal.timeout(10_000))
  if (performed.end !== 'finished') throw new Error(performed.end)
  const {ok, failed, status} = performed.outputs
  return {ok, failed, status, evidence: performed.evidence}
}

describe('a look at an address', () => {
  it('takes what is there for fine, and nothing else: not found and not allowed are failures that users see', async () => {
    expect(await look([200, 204, 301])).toEqual({ok: true, failed: 0, status: 301, evidence: '3 of 3 answered with 2xx or 3xx; seen: 200, 204, 301'})
    expect(await look([404])).toEqual({ok: false, failed: 1, status: 404, evidence: '0 of 1 answered with 2xx or 3xx; seen: 404'})
    expect(await look([200, 200, 403, 503])).toMatchObject({ok: false, failed: 2, evidence: '2 of 4 answered with 2xx or 3xx; seen: 200 ×2, 403, 503'})
  })

  it('says what it is asked to expect: one status, a class, several', async () => {
    expect(await look([503, 503], {status: 503})).toMatchObject({ok: true, evidence: '2 of 2 answered with 503; seen: 503 ×2'})
    expect(await look([401, 200], {status: ['2xx', 401]})).toMatchObject({ok: true})
    expect(await look([200], {status: '4XX'})).toMatchObject({ok: false, failed: 1})
  })

  it('is refused an expectation that is none', async () => {
    const row = actionTable.get('probe/http')
    const check = async (status: JsonMap['status']) => (await row?.check({url: 'http://x', ...(status !== undefined && {status})}))?.map(({message}) => message)
    for (const fine of [200, '404', '5xx', ['2xx', 301]]) expect(await check(fine)).toEqual([])
    for (const bad of [20, 600, 'ok', '2x', [], {}, true, [[200]], null])
      expect(await check(bad)).toEqual(['`status` wants a status such as 200, a class such as 2xx, or a list of them'])
  })
})

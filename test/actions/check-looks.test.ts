import {createServer, type Server} from 'node:http'
import {type AddressInfo, createServer as listenTcp, type Socket} from 'node:net'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {checkPorts} from '../../src/actions/check-ports.ts'
import {lintNames} from '../../src/actions/lint-names.ts'
import {Fault} from '../../src/lib/fault.ts'
import {checkRunbook} from '../../src/runbook/check.ts'
import {type Loaded, loadRunbook} from '../../src/runbook/load.ts'
import {bareWorkspace, memoryDesk} from './memory-desk.ts'

function loaded(steps: string): Loaded {
  const loading = loadRunbook('look.yaml', `scram: 1\nrunbook: look\ntitle: Look\nsteps:\n${steps}`)
  if (!loading.ok) throw new Error(JSON.stringify(loading.findings))
  return loading.loaded
}

describe('what a check asks the world', () => {
  let server: Server
  let url = ''
  let asked: string[] = []
  let status = 200
  let delayMs = 0
  let hangsUpAfter = 100
  beforeEach(async () => {
    asked = []
    status = 200
    delayMs = 0
    hangsUpAfter = 100
    server = createServer((request, response) => {
      asked.push(request.url ?? '')
      if (asked.length > hangsUpAfter) request.socket.destroy()
      else setTimeout(() => response.writeHead(status).end(), delayMs)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  const probe = (path: string, samples: number) => `{ uses: probe/http, with: { url: "${url}${path}", samples: ${samples} } }`
  const look = (id: string, path: string, samples: number) => `  - { id: ${id}, uses: probe/http, with: { samples: ${samples}, url: "${url}${path}" } }\n`
  async function check(steps: string) {
    const signal = new AbortController().signal
    const checked = await checkRunbook(await checkPorts(memoryDesk([], {workspace: bareWorkspace('/nowhere')}), signal), loaded(steps).runbook, {}, signal)
    return Object.fromEntries(checked.rows.map(({instance, seen}) => [instance, seen?.replace(/p95_ms \d+/, 'p95_ms N')]))
  }

  it('it asks once, however many steps look there the same way', async () => {
    const wait = `  - { id: holds, wait_until: result.ok, probe: ${probe('/a', 3)} }\n`
    const seen = await check(`${look('first', '/a', 3)}${wait}${look('other', '/b', 3)}${look('again', '/a', 3)}${look('fewer', '/a', 2)}`)
    const three = 'ok true, samples 3, failed 0, error_rate 0, p95_ms N, status 200'
    expect(seen).toEqual({first: three, holds: `holds now; ${three}`, other: three, again: three, fewer: three.replace('samples 3', 'samples 2')})
    expect(asked).toEqual(['/a', '/a', '/a', '/b', '/b', '/b', '/a', '/a'])
  })

  it('it asks ten times at most, where a run measures, and says how often', async () => {
    const seen = await check(`${look('first', '/a', 50)}${look('again', '/a', 20)}`)
    const ten = 'ok true, samples 10, failed 0, error_rate 0, p95_ms N, status 200'
    expect([seen, asked.length]).toEqual([{first: ten, again: ten}, 10])
  })

  it('waits three seconds for a host that swallows what it is sent, says so, and not a second time', async () => {
    const held: Socket[] = []
    const swallowing = listenTcp(socket => void held.push(socket))
    await new Promise<void>(resolve => swallowing.listen(0, '127.0.0.1', resolve))
    const host = `127.0.0.1:${(swallowing.address() as AddressInfo).port}`
    const began = performance.now()
    const seen = await check(
      ['a', 'b'].map(id => `  - { id: ${id}, uses: probe/http, with: { url: "http://${host}/${id}", samples: 5, timeout: 30s } }\n`).join(''),
    )
    const tookMs = performance.now() - began
    for (const socket of held) socket.destroy()
    swallowing.close()
    const nothing = `no answer: nothing answered at ${host} within 3s`
    expect([seen, held.length, Math.round(tookMs / 1000)]).toEqual([{a: nothing, b: nothing}, 1, 3])
  }, 20_000)

  it('shows what a slow host answered by then', async () => {
    delayMs = 1300
    expect(await check(look('slow', '/a', 10))).toEqual({slow: 'ok true, samples 2, failed 0, error_rate 0, p95_ms N, status 200'})
  }, 20_000)

  it('counts an answer that failed by itself, and tells who refuses from who is silent', async () => {
    hangsUpAfter = 1
    const closed = `  - { id: closed, uses: probe/http, with: { url: "http://127.0.0.1:1/" } }\n`
    expect(await check(`${look('breaks', '/a', 3)}${closed}`)).toEqual({
      breaks: 'ok false, samples 3, failed 2, error_rate 0.6666666666666666, p95_ms N, status 200',
      closed: 'no answer: 127.0.0.1:1 does not answer from here',
    })
  })

  it('the next check asks anew', async () => {
    const before = await check(look('first', '/a', 1))
    status = 503
    const after = await check(look('first', '/a', 1))
    expect([before['first'], after['first']]).toEqual([expect.stringMatching(/status 200$/), expect.stringMatching(/status 503$/)])
  })
})

describe('what lint asks of scram.yaml', () => {
  it('is about the rods that a runbook names, and no others', async () => {
    const opened: string[] = []
    const desk = memoryDesk([], {workspace: bareWorkspace('/nowhere')})
    const get = (id: string) => {
      opened.push(id)
      return Promise.reject(new Fault('config.invalid', `${id} does not check`))
    }
    const names = await lintNames({...desk, rods: async () => ({ids: () => ['a', 'b', 'c'], get})}, [
      loaded('  - { id: x, uses: rod/insert, with: { rod: b, why: w }, undo: { uses: rod/withdraw, with: { rod: c } } }\n'),
    ])
    expect([opened, names?.rods, names?.broken]).toEqual([['b', 'c'], ['a', 'b', 'c'], {b: 'b does not check', c: 'c does not check'}])
  })
})

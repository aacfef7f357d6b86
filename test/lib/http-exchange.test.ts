import {execFileSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {createServer, type IncomingMessage, type RequestListener, type ServerResponse} from 'node:http'
import {createServer as createTlsServer} from 'node:https'
import {type AddressInfo, createServer as createTcpServer, type Server} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, describe, expect, it} from '@jest/globals'
import {exchange, type HttpRequest} from '../../src/lib/http-exchange.ts'

const open: (Server & {closeAllConnections?: () => void})[] = []
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections?.()
    server.close()
  }
})

async function listen(server: Server): Promise<number> {
  open.push(server)
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return (server.address() as AddressInfo).port
}

const serve = async (listener: RequestListener) => `http://127.0.0.1:${await listen(createServer(listener))}`
const never = new AbortController().signal
const ask = (url: string, more: Partial<HttpRequest> = {}, signal = never) =>
  exchange({method: 'GET', url, headers: {}, timeoutMs: 5000, maxBytes: 1000, ...more}, signal)

describe('an answer', () => {
  it('is status, headers and body, whatever the status', async () => {
    const url = await serve((_, response) => response.writeHead(503, {'X-Rod': 'api', 'set-cookie': ['a', 'b']}).end('ünavailable'))
    const answer = await ask(url)
    expect(answer).toMatchObject({status: 503, isCut: false, body: 'ünavailable', headers: {'x-rod': 'api', 'set-cookie': 'a, b'}})
  })

  it('comes over a connection of its own, to a request sent as given', async () => {
    const seen: {method: string | undefined; body: string; port: number | undefined; headers: IncomingMessage['headers']}[] = []
    const url = await serve(async (request, response: ServerResponse) => {
      const chunks = await request.toArray()
      seen.push({method: request.method, body: Buffer.concat(chunks).toString(), port: request.socket.remotePort, headers: request.headers})
      response.end()
    })
    await ask(url, {method: 'PATCH', body: '{"on":true}', headers: {'content-type': 'application/json', authorization: 'Bearer x'}})
    await ask(url, {method: 'POST'})
    expect(seen[0]).toMatchObject({method: 'PATCH', body: '{"on":true}', headers: {authorization: 'Bearer x', connection: 'close', 'user-agent': 'scram'}})
    expect(seen[1]).toMatchObject({method: 'POST', body: ''})
    expect(seen[0]?.port).not.toBe(seen[1]?.port)
  })

  it('that leads elsewhere is an answer: tokens do not follow it', async () => {
    let elsewhere = 0
    const other = await serve((_, response) => {
      elsewhere++
      response.end()
    })
    const url = await serve((_, response) => response.writeHead(307, {location: other}).end())
    expect(await ask(url, {headers: {'x-api-key': 'k'}})).toMatchObject({status: 307})
    expect(elsewhere).toBe(0)
  })

  it('503 or 429 is asked for once', async () => {
    let asked = 0
    const url = await serve((_, response) => {
      asked++
      response.writeHead(429, {'retry-after': '0'}).end()
    })
    await ask(url)
    expect(asked).toBe(1)
  })
})

describe('no answer', () => {
  it('after which nothing was sent, where nobody listens', async () => {
    const server = createTcpServer()
    const port = await listen(server)
    await new Promise(done => server.close(done))
    expect(await ask(`http://127.0.0.1:${port}`)).toEqual({status: null, wasSent: false, errno: 'ECONNREFUSED', reason: 'no connection (ECONNREFUSED)'})
  })

  it('from a name nobody has says which of the two it is', async () => {
    const answer = await ask('http://scram.invalid/')
    expect(answer).toMatchObject({
      status: null,
      wasSent: false,
      reason: expect.stringMatching(/^no connection \((ENOTFOUND: there is no such host name|EAI_AGAIN: no name server answers; is there a network\?)\)$/),
    })
  })

  it('from silence, from a drip-feed and from a body cut off: it may have arrived', async () => {
    const silent = await serve(() => undefined)
    expect(await ask(silent, {timeoutMs: 150})).toMatchObject({status: null, wasSent: true, reason: 'no complete answer within 0.15 s'})
    const dripping = await serve((_, response) => {
      const timer = setInterval(() => response.write('.'), 20)
      response.once('close', () => clearInterval(timer))
    })
    expect(await ask(dripping, {timeoutMs: 300})).toMatchObject({status: null, wasSent: true, reason: 'no complete answer within 0.3 s'})
    expect(await ask(dripping, {}, AbortSignal.timeout(200))).toMatchObject({status: null, wasSent: true, reason: 'no complete answer before the deadline'})
    const cut = await serve((_, response) => {
      response.writeHead(200, {'content-length': '100'}).write('half')
      setTimeout(() => response.destroy(), 20)
    })
    expect(await ask(cut)).toMatchObject({status: null, wasSent: true})
  })

  it('from one who hangs up at once', async () => {
    const port = await listen(createTcpServer(socket => socket.destroy()))
    expect(await ask(`http://127.0.0.1:${port}`)).toMatchObject({status: null, wasSent: true})
  })

  it('from one who says too much, without swallowing it', async () => {
    let written = 0
    const url = await serve((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) written += 65_536
      }
      response.on('drain', more)
      more()
    })
    expect(await ask(url)).toMatchObject({status: null, wasSent: true, reason: 'the answer is longer than 1000 bytes'})
    expect(await ask(url, {isBeginningEnough: true})).toMatchObject({status: 200, body: 'x'.repeat(1000), isCut: true})
    expect(written).toBeLessThan(128 << 20)
  })

  it.each([
    ['ftp://127.0.0.1/', {}, 'this is no http address'],
    ['nonsense', {}, 'this is no http address'],
    ['http://127.0.0.1:1/', {authorization: 'canary\r\nx: y'}, 'the header authorization has a character that headers cannot hold'],
  ])('to %s, which cannot be asked; nothing that may be secret is repeated', async (url, headers, problem) => {
    expect(await ask(url, {headers})).toEqual({status: null, wasSent: false, errno: null, reason: `nothing was sent: ${problem}`})
  })

  it('when a person ends it: that is passed on', async () => {
    const silent = await serve(() => abort.abort(new Error('Ctrl-C')))
    const abort = new AbortController()
    await expect(ask(silent, {}, abort.signal)).rejects.toThrow('Ctrl-C')
    await expect(ask(silent, {}, AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
  })
})

describe('TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tls-'))
  afterEach(() => rmSync(folder, {recursive: true, force: true}))

  it('that is not trusted, or not spoken, sends nothing and says why', async () => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${folder}/k.pem`, '-out', `${folder}/c.pem`]
    execFileSync('openssl', ['req', '-x509', ...key, '-days', '1', '-subj', '/CN=Proxy CA', '-addext', 'subjectAltName=IP:127.0.0.1'], {stdio: 'ignore'})
    let asked = 0
    const options = {key: readFileSync(`${folder}/k.pem`), cert: readFileSync(`${folder}/c.pem`)}
    const port = await listen(createTlsServer(options, (_, response) => response.end(String(asked++))))
    expect(await ask(`https://127.0.0.1:${port}`)).toEqual({
      status: null,
      wasSent: false,
      errno: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      reason: 'no connection (DEPTH_ZERO_SELF_SIGNED_CERT: a proxy intercepts it, or its CA is private: NODE_EXTRA_CA_CERTS=file or NODE_USE_SYSTEM_CA=1)',
    })
    expect(asked).toBe(0)
    const plain = await listen(createTcpServer(socket => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n')))
    expect(await ask(`https://127.0.0.1:${plain}`)).toMatchObject({status: null, wasSent: false})
  })
})

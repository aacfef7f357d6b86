import {execFileSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {getCACertificates, setDefaultCACertificates} from 'node:tls'
import {afterAll, beforeAll, describe, expect, it} from '@jest/globals'
import {type RedisServer, startRedis} from '../../servers/redis.ts'
import {type Gate, startGate} from '../../servers/redis-gate.ts'
import {requireTool} from '../../servers/require-tool.ts'
import {rodOf} from '../open-driver.ts'

const inPlace = requireTool('redis-server') === it && requireTool('openssl') === it ? describe : describe.skip

inPlace('rediss://', () => {
  const known = getCACertificates('default')
  let folder: string
  let cert: string
  let server: RedisServer
  let gate: Gate
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tls-'))
    const [key, pem] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    execFileSync('openssl', ['req', '-x509', ...curve, '-nodes', '-days', '2', ...subject, '-keyout', key, '-out', pem], {stdio: 'ignore'})
    cert = readFileSync(pem, 'utf8')
    server = await startRedis()
    gate = await startGate({upstream: server.socket, tls: {key: readFileSync(key, 'utf8'), cert}})
  })
  afterAll(async () => {
    setDefaultCACertificates(known)
    await gate.close()
    await server.stop()
    rmSync(folder, {recursive: true})
  })

  const call = () => ({target: '', why: 'why', fence: 1, signal: AbortSignal.timeout(10_000)})
  const driver = (host: string) =>
    rodOf({driver: 'redis', with: {url: `rediss://${host}:${gate.port}`, password: 'env:PW', key: 'rod'}}, {secrets: {'env:PW': server.password}}).driver()

  it('a certificate that nobody here knows: unreachable, and not even the password was sent', async () => {
    await expect((await driver('localhost')).set('inserted', call())).rejects.toMatchObject({
      code: 'rod.unreachable',
      message: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT'),
    })
    expect(gate.commands).toEqual([])
  })

  it('a certificate of another name: the same', async () => {
    setDefaultCACertificates([...known, cert])
    await expect((await driver('127.0.0.1')).set('inserted', call())).rejects.toMatchObject({
      code: 'rod.unreachable',
      message: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
    })
    expect(gate.commands).toEqual([])
  })

  it('one that is known', async () => {
    setDefaultCACertificates([...known, cert])
    await (await driver('localhost')).set('inserted', call())
    expect(await server.cli('GET', 'rod')).toBe('inserted')
  })
})

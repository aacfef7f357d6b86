import {execFile} from 'node:child_process'
import {globSync, readFileSync} from 'node:fs'
import {promisify} from 'node:util'
import {describe, expect, it} from '@jest/globals'

const run = promisify(execFile)

/** A server that hangs up on its only client; says how each side saw it. Of its own process: one that leaks never ends. */
async function program(before: string): Promise<string[]> {
  const script = `
    import {connect, createServer} from 'node:net'
    import {resetSocket} from ${JSON.stringify(new URL('reset-socket.ts', import.meta.url).href)}
    const server = createServer(socket => {
      socket.on('error', error => console.log('server ' + error.code)).on('close', () => console.log('server closed'))
      ${before}
      resetSocket(socket)
      resetSocket(socket)
      server.close()
    })
    server.listen(0, '127.0.0.1', () => {
      const client = connect(server.address().port, '127.0.0.1').resume()
      client.on('error', error => console.log('client ' + error.code)).on('close', () => console.log('client closed'))
    })`
  const {NODE_OPTIONS: _, ...env} = process.env
  const {stdout} = await run(process.execPath, ['--input-type=module', '--eval', script], {env, timeout: 20_000, killSignal: 'SIGKILL'})
  return stdout.trim().split('\n').sort()
}

describe('a connection that is reset', () => {
  it('ends with a reset while it is open', async () => {
    expect(await program('')).toEqual(['client ECONNRESET', 'client closed', 'server closed'])
  })

  it('closes, and lets the process end, when its own end is already under way', async () => {
    expect(await program('socket.end()')).toEqual(['client closed', 'server closed'])
  })

  it('is reset here and nowhere else: the trap is in every other place too', () => {
    const root = new URL('../../', import.meta.url)
    const files = globSync('{src,test}/**/*.ts', {cwd: root, exclude: ['**/node_modules']})
    expect(files.length).toBeGreaterThan(100)
    const own = /^test.servers.reset-socket(\.test)?\.ts$/
    expect(files.filter(file => !own.test(file) && readFileSync(new URL(file, root), 'utf8').includes('resetAndDestroy'))).toEqual([])
  })
})

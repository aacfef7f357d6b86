import {afterAll, beforeAll, describe, expect, it} from '@jest/globals'
import {requireTool} from '../../servers/require-tool.ts'
import {type FileBench, type FileServers, fileBench, fileServers} from './file-bench.ts'
import {fileContracts} from './file-contracts.ts'

// A connection takes some 0.3 s, the whole suite some hundred of them.
if (process.env['SCRAM_LONG'] === '1') fileContracts('ssh', 'through ssh')

const hasTools = ['ssh', 'sshd', 'nginx'].every(tool => requireTool(tool) === it)
const group = hasTools ? describe : describe.skip

group('a flag file behind a real sshd', () => {
  let servers: FileServers
  beforeAll(async () => {
    servers = await fileServers('ssh')
  })
  afterAll(() => servers.close())
  const call = () => ({target: '', why: 'why', fence: 1, signal: AbortSignal.timeout(30_000)})
  const within = async (mode: 'presence' | 'content', work: (bench: FileBench) => Promise<void>) => {
    const bench = await fileBench('ssh', mode, servers)
    await work(bench).finally(() => bench.close())
  }
  const position = async ({driver}: FileBench) => (await driver.read(call())).position

  it.each(['presence', 'content'] as const)(
    'goes in and out, for its users too (%s)',
    async mode => {
      await within(mode, async bench => {
        expect(await position(bench)).toBe('withdrawn')
        for (const to of ['inserted', 'withdrawn']) {
          await bench.driver.set(to, call())
          expect([await position(bench), await bench.effect()]).toEqual([to, to])
        }
      })
    },
    60_000,
  )

  it('an answer that is lost after the move is unanswered, and read shows it', async () => {
    await within('presence', async bench => {
      await bench.become('reply-lost')
      await expect(bench.driver.set('inserted', call())).rejects.toMatchObject({code: 'rod.unanswered', message: expect.stringContaining('exit 255')})
      await bench.become('well')
      expect(await position(bench)).toBe('inserted')
    })
  }, 60_000)

  it('a host that is down, or lets us not in, is unreachable, and nobody says absent', async () => {
    await within('presence', async bench => {
      await bench.driver.set('inserted', call())
      for (const [close, open] of [
        [() => bench.become('down'), () => bench.become('well')],
        [() => servers.sshd?.admit(false), () => servers.sshd?.admit(true)],
      ] as const) {
        await close()
        await expect(bench.driver.set('withdrawn', call())).rejects.toMatchObject({code: 'rod.unreachable', message: expect.stringContaining('exit 255')})
        expect(await position(bench)).toBe('unknown')
        await open()
        expect(await position(bench)).toBe('inserted')
      }
    })
  }, 60_000)
})

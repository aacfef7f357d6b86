import {afterAll, beforeAll, describe, it} from '@jest/globals'
import {driverContract} from '../../contracts/driver.ts'
import {requireTool} from '../../servers/require-tool.ts'
import {type FileServers, fileBench, fileServers, NOT_HERE, type Way} from './file-bench.ts'

/** The contract suite for a flag file that is reached in one way, with nginx behind it. */
export function fileContracts(way: Way, where: string): void {
  const hasTools = [...(way === 'ssh' ? ['ssh', 'sshd'] : []), 'nginx'].every(tool => requireTool(tool) === it)
  const group = hasTools ? describe : describe.skip
  group(where, () => {
    let servers: FileServers
    beforeAll(async () => {
      servers = await fileServers(way)
    })
    afterAll(() => servers.close())
    for (const mode of ['presence', 'content'] as const) driverContract(`file (${mode})`, () => fileBench(way, mode, servers), way === 'here' ? NOT_HERE : [])
  })
}

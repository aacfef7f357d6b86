import {afterAll, beforeAll, describe} from '@jest/globals'
import {driverContract} from '../../contracts/driver.ts'
import {type FileServers, fileBench, fileServers, NOT_HERE, type Way} from './file-bench.ts'

function contracts(way: Way, where: string): void {
  describe(where, () => {
    let servers: FileServers
    beforeAll(async () => {
      servers = await fileServers(way)
    })
    afterAll(() => servers.close())
    for (const mode of ['presence', 'content'] as const) driverContract(`file (${mode})`, () => fileBench(way, mode, servers), way === 'here' ? NOT_HERE : [])
  })
}

contracts('here', 'on this machine')
contracts('script', 'through what joins its arguments for a shell')
if (process.env['FILE_SSH']) contracts('ssh', 'through ssh')

import {rm} from 'node:fs/promises'
import {connect, createServer, type Server} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Fault} from '../lib/fault.ts'

/**
 * Holds the place of the one drill of this user on this machine: two at once would share two cores, and the figures of
 * both would be worthless. A listening socket, not a file: the kernel lets go of it however the process ends.
 * @returns how to give the place back
 * @throws Fault drill.busy when another drill has it
 */
export async function holdDrillPlace(name = `scram-drill-${process.getuid?.() ?? 0}`): Promise<() => void> {
  // Linux has socket names without a file; elsewhere one that nobody listens on any more is a leftover.
  const path = process.platform === 'linux' ? `\0${name}` : join(tmpdir(), `${name}.sock`)
  const server = (await tryListen(path)) ?? ((await isLeftover(path)) ? await tryListen(path) : null)
  if (!server) throw new Fault('drill.busy', 'another drill is running on this machine', {hints: ['scram drill down']})
  server.unref()
  return () => {
    server.close()
  }
}

function tryListen(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer(socket => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)))
    server.listen(path, () => resolve(server))
  })
}

async function isLeftover(path: string): Promise<boolean> {
  if (path.startsWith('\0')) return false
  const answers = await new Promise<boolean>(resolve => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(true)
    }).once('error', () => resolve(false))
  })
  if (!answers) await rm(path, {force: true})
  return !answers
}

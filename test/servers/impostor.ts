import {createServer, type Socket} from 'node:net'
import {askSocket} from './haproxy.ts'

export interface Impostor {
  readonly path: string
  close(): Promise<void>
}

/** A command socket that is not what it seems: `answer` has the first word, what it leaves (null) HAProxy itself answers. */
export async function startImpostor(path: string, answer: (line: string) => string | null, real: string): Promise<Impostor> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    socket.once('data', chunk => {
      const line = String(chunk).trimEnd()
      const own = answer(line)
      if (own !== null) return socket.end(own)
      void askSocket(real, line).then(text => socket.end(text))
    })
  })
  await new Promise<void>(resolve => server.listen(path, resolve))
  return {
    path,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

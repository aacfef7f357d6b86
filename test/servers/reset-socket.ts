import type {Socket} from 'node:net'

/**
 * Hangs up on a TCP peer with a reset. Once our own end of the connection is under way libuv refuses that (EINVAL), and Node
 * has let go of the handle by then: no `close` ever comes and the process spins when it ends (docs/decisions/013). The peer
 * has our end already, so such a connection is just closed. The second time nothing happens.
 */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}

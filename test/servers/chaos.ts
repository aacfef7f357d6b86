import {connect, createServer, type Socket} from 'node:net'
import {setTimeout as nap} from 'node:timers/promises'
import {resetSocket} from './reset-socket.ts'

/** What the wire does to those who use it; may change while connections are open. */
export interface Weather {
  /** Before each chunk is passed on, in both directions. */
  latencyMs: number
  /** Accept, swallow what comes, answer nothing. */
  blackhole: boolean
  /** Accept and reset at once. */
  resetOnAccept: boolean
  /** Reset after so many bytes of the answer; the request has arrived by then. */
  resetAfter: number
  /** Bytes per write of the answer. */
  sliceTo: number
  /** Pass the end of the request on and leave the answer open for ever. */
  halfClose: boolean
  bytesPerSecond: number
}

export interface Chaos {
  /** 0 on a unix socket. */
  readonly port: number
  readonly weather: Weather
  /** Bytes of each connection so far: up = towards the server; `said` = the first 4 KiB of what went up. */
  readonly connections: readonly {up: number; down: number; said: string}[]
  /** Connections of clients that did not hang up yet. */
  open(): number
  close(): Promise<void>
}

export const calm: Weather = {
  latencyMs: 0,
  blackhole: false,
  resetOnAccept: false,
  resetAfter: Infinity,
  sliceTo: 65_536,
  halfClose: false,
  bytesPerSecond: Infinity,
}

const MOST_SAID = 4096

/**
 * A proxy on a free loopback port, or on the unix socket `path`, in front of `upstream()`: a port of 127.0.0.1 or the path
 * of a unix socket, asked anew for each connection. A unix socket knows no reset; what is cut there just ends.
 */
export async function startChaos(upstream: () => number | string, path?: string): Promise<Chaos> {
  const weather = {...calm}
  const connections: {up: number; down: number; said: string}[] = []
  const cutOff = (socket: Socket) => (path === undefined ? resetSocket(socket) : socket.destroy())
  const sockets = new Set<Socket>()
  const clients = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
  }
  const server = createServer({allowHalfOpen: true}, client => {
    keep(client)
    clients.add(client)
    const left = () => clients.delete(client)
    client.on('end', left).on('error', left).on('close', left)
    const count = {up: 0, down: 0, said: ''}
    connections.push(count)
    if (weather.resetOnAccept) return cutOff(client)
    if (weather.blackhole) return client.resume()
    const to = upstream()
    const target = connect(typeof to === 'string' ? {path: to} : {port: to, host: '127.0.0.1'})
    keep(target)
    // A server that is not there looks like one through the proxy too: a connection that ends without a byte.
    target.on('error', () => cutOff(client))
    void pass(client, target, slice => {
      count.up += slice.length
      if (count.said.length < MOST_SAID) count.said += slice.toString('latin1', 0, MOST_SAID - count.said.length)
    }).catch(() => target.destroy())
    void pass(
      target,
      client,
      slice => (count.down += slice.length),
      () => count.down >= weather.resetAfter && cutOff(client),
    ).catch(() => client.destroy())
  })
  async function pass(from: Socket, to: Socket, counted: (slice: Buffer) => void, cut: () => unknown = () => {}) {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; at += weather.sliceTo) {
        const slice = chunk.subarray(at, at + weather.sliceTo)
        if (weather.latencyMs > 0) await nap(weather.latencyMs)
        if (Number.isFinite(weather.bytesPerSecond)) await nap((slice.length / weather.bytesPerSecond) * 1000)
        counted(slice)
        cut()
        if (to.destroyed) return
        if (!to.write(slice)) await new Promise(resolve => to.once('drain', resolve).once('close', resolve))
      }
    }
    if (!weather.halfClose) to.end()
  }
  await new Promise<void>(resolve => (path === undefined ? server.listen(0, '127.0.0.1', resolve) : server.listen(path, resolve)))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    weather,
    connections,
    open: () => clients.size,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

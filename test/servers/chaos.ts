import {type AddressInfo, connect, createServer, type Socket} from 'node:net'
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
  readonly port: number
  readonly weather: Weather
  /** Bytes of each connection so far: up = towards the server. */
  readonly connections: readonly {up: number; down: number}[]
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

/** A proxy on a free loopback port in front of 127.0.0.1:`upstream()`, which is asked anew for each connection. */
export async function startChaos(upstream: () => number): Promise<Chaos> {
  const weather = {...calm}
  const connections: {up: number; down: number}[] = []
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
    const count = {up: 0, down: 0}
    connections.push(count)
    if (weather.resetOnAccept) return resetSocket(client)
    if (weather.blackhole) return client.resume()
    const target = connect({port: upstream(), host: '127.0.0.1'})
    keep(target)
    // A server that is not there looks like one through the proxy too: a connection that ends without a byte.
    target.on('error', () => resetSocket(client))
    void pass(client, target, bytes => (count.up += bytes)).catch(() => target.destroy())
    void pass(
      target,
      client,
      bytes => (count.down += bytes),
      () => count.down >= weather.resetAfter && resetSocket(client),
    ).catch(() => client.destroy())
  })
  async function pass(from: Socket, to: Socket, counted: (bytes: number) => void, cut: () => unknown = () => {}) {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; at += weather.sliceTo) {
        const slice = chunk.subarray(at, at + weather.sliceTo)
        if (weather.latencyMs > 0) await nap(weather.latencyMs)
        if (Number.isFinite(weather.bytesPerSecond)) await nap((slice.length / weather.bytesPerSecond) * 1000)
        counted(slice.length)
        cut()
        if (to.destroyed) return
        if (!to.write(slice)) await new Promise(resolve => to.once('drain', resolve).once('close', resolve))
      }
    }
    if (!weather.halfClose) to.end()
  }
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
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

import {once} from 'node:events'
import {type AddressInfo, connect, createServer, type Server, type Socket} from 'node:net'
import {setTimeout as nap} from 'node:timers/promises'
import {createServer as createTlsServer} from 'node:tls'
import {decodeReply} from '../../src/rods/resp.ts'
import {resetSocket} from './reset-socket.ts'

/** What happens to a command on its way to Redis, or to the answer on its way back. */
export type Mood = 'well' | 'silent' | 'dripping' | 'reset' | 'reply-lost' | {readonly says: string}

export interface GateOptions {
  /** Where Redis listens. */
  readonly upstream: string
  /** A path to listen on; else a free loopback port. */
  readonly path?: string
  readonly tls?: {readonly key: string; readonly cert: string}
}

/** A gate in front of a Redis that knows where a command begins, so that it can let the password pass and not the move. */
export interface Gate {
  readonly port: number
  /** The words of each command that came, first word in capitals. */
  readonly commands: readonly (readonly string[])[]
  /** Per command word; `*` for all but AUTH and SELECT. */
  readonly moods: Map<string, Mood>
  /** Connections of clients that did not hang up yet. */
  open(): number
  close(): Promise<void>
}

export async function startGate({upstream, path, tls}: GateOptions): Promise<Gate> {
  const commands: string[][] = []
  const moods = new Map<string, Mood>()
  const sockets = new Set<Socket>()
  const clients = new Set<Socket>()
  const keep = (socket: Socket) => sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy()))
  const server: Server = tls ? createTlsServer(tls, serve) : createServer(serve)
  server.on('tlsClientError', () => {})
  server.listen(path === undefined ? {host: '127.0.0.1', port: 0} : {path})
  await once(server, 'listening')
  return {
    port: path === undefined ? (server.address() as AddressInfo).port : 0, // a server that listens on a port has an AddressInfo
    commands,
    moods,
    open: () => clients.size,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }

  function serve(client: Socket): void {
    keep(client)
    clients.add(client)
    const left = () => clients.delete(client)
    client.on('end', left).on('error', left).on('close', left)
    const redis = connect({path: upstream})
    keep(redis)
    redis.on('error', () => client.destroy())
    let mood: Mood = 'well'
    let unread = Buffer.alloc(0)
    client.on('data', (chunk: Buffer) => {
      unread = Buffer.concat([unread, chunk])
      for (;;) {
        // A command is an array of bulk strings: the shape of a reply.
        const found = decodeReply(unread)
        if (!found) return
        const raw = unread.subarray(0, found.end)
        unread = unread.subarray(found.end)
        const words = (found.reply as readonly Buffer[]).map(String)
        const word = (words[0] ?? '').toUpperCase()
        commands.push([word, ...words.slice(1)])
        mood = moods.get(word) ?? (word === 'AUTH' || word === 'SELECT' ? 'well' : (moods.get('*') ?? 'well'))
        if (mood === 'silent') continue
        if (mood === 'reset') return hangUp(client)
        if (typeof mood === 'object') client.write(mood.says)
        else redis.write(raw)
      }
    })
    client.on('close', () => redis.destroy())
    redis.on('close', () => client.end())
    redis.on('data', (chunk: Buffer) => {
      if (mood === 'reply-lost') return hangUp(client)
      if (mood === 'dripping') return void drip(client, chunk)
      client.write(chunk)
    })
  }

  /** Only TCP knows a reset. */
  function hangUp(client: Socket): void {
    if (path === undefined && !tls) resetSocket(client)
    else client.destroy()
  }

  async function drip(client: Socket, chunk: Buffer): Promise<void> {
    for (const byte of chunk) {
      await nap(50)
      if (client.destroyed) return
      client.write(Buffer.of(byte))
    }
  }
}

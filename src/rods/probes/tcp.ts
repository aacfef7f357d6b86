import {connect} from 'node:net'
import type {Position} from '../../incident/events.ts'
import type {Probe} from '../rod.ts'
import {lookOf} from './expectation.ts'

export interface TcpProbeOptions {
  readonly host: string
  readonly port: number
  readonly timeoutMs: number
  readonly expect: ReadonlyMap<Position, 'open' | 'refused'>
}

/** Looks whether a port takes connections; one that neither takes nor refuses them is unknown. */
export function tcpProbe({host, port, timeoutMs, expect}: TcpProbeOptions): Probe {
  const name = `tcp ${host}:${port}`
  return {
    name,
    reaches: [{host}],
    maskedBy: [],
    async look(signal) {
      const seen = await knock(host, port, timeoutMs, signal)
      return lookOf(expect, expected => expected === seen, `${name} ${seen}`)
    },
  }
}

/** `open`, `refused`, or the error's name. */
function knock(host: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const socket = connect({host, port, timeout: timeoutMs})
    const abort = () => end(() => reject(signal.reason))
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', abort)
      socket.destroy()
      settle()
    }
    signal.addEventListener('abort', abort, {once: true})
    socket.on('connect', () => end(() => resolve('open')))
    socket.on('timeout', () => end(() => resolve(`no answer within ${timeoutMs} ms`)))
    socket.on('error', (error: NodeJS.ErrnoException) => end(() => resolve(error.code === 'ECONNREFUSED' ? 'refused' : (error.code ?? 'error'))))
  })
}

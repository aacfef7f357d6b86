import {type ChildProcess, spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import type {Orders} from './writer.ts'

const WRITER = join(import.meta.dirname, 'writer.ts')
/** The sources are compiled once, not by each of hundreds of processes. */
const env = {...process.env, NODE_OPTIONS: '', NODE_COMPILE_CACHE: join(tmpdir(), 'scram-test-compile-cache')}

export interface Writer {
  readonly child: ChildProcess
  /** Ids said to be recorded, in order. */
  readonly acknowledged: string[]
  /** Resolves with the first acknowledgement. */
  readonly started: Promise<unknown>
  readonly ended: Promise<unknown>
}

export function startWriter(orders: Orders): Writer {
  const child = spawn(process.execPath, [WRITER, JSON.stringify(orders)], {env, stdio: ['ignore', 'pipe', 'inherit']})
  const acknowledged: string[] = []
  const {promise, resolve} = Promise.withResolvers<void>()
  const lines = createInterface({input: child.stdout})
  lines.on('line', line => {
    if (line.startsWith('ack ')) acknowledged.push(line.slice(4))
    if (acknowledged.length === 1) resolve()
  })
  return {child, acknowledged, started: promise, ended: Promise.all([once(child, 'exit'), once(lines, 'close')])}
}

export interface Outcome {
  readonly status: number | null
  readonly acknowledged: readonly string[]
  /** `SCRAM-EVENT` lines: kept nowhere but on stderr. */
  readonly aloud: readonly string[]
  readonly events: readonly string[]
  readonly trouble: readonly string[]
  readonly stderr: string
}

/** Runs a writer to its end, under `wrap` (strace, unshare …). */
export function runWriter(orders: Orders, wrap: readonly string[] = []): Outcome {
  const [command = process.execPath, ...args] = [...wrap, process.execPath, WRITER, JSON.stringify({...orders, report: true})]
  const {status, stdout, stderr} = spawnSync(command, args, {env, encoding: 'utf8', maxBuffer: 1 << 28})
  const lines = stdout.split('\n')
  const last = lines.findLast(line => line.startsWith('{"events"'))
  const report = last === undefined ? {events: [], trouble: []} : (JSON.parse(last) as {events: string[]; trouble: string[]})
  const acknowledged = lines.filter(line => line.startsWith('ack ')).map(line => line.slice(4))
  return {status, stderr, acknowledged, aloud: lines.filter(line => line.startsWith('SCRAM-EVENT ')), ...report}
}

/** Undefined when the tool works here, else why it does not; under CI=true that is a failure, because a skip nobody sees is no test. */
export function missing(command: string, args: readonly string[]): string | undefined {
  const {status, error, stderr} = spawnSync(command, args, {encoding: 'utf8'})
  if (status === 0) return undefined
  const why = error?.message ?? stderr.trim()
  if (process.env['CI'] === 'true') throw new Error(`${command} does not work here, and nothing is skipped under CI: ${why}`)
  return why
}

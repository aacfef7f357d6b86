import {spawnSync} from 'node:child_process'
import {readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {scratch} from '../journal/test-keeper.ts'

/** What a process asked of the disk, in its order, and what it said aloud in between. */
export type DiskCall =
  | {readonly call: 'make' | 'make folder' | 'remove' | 'sync'; readonly path: string}
  | {readonly call: 'write'; readonly path: string; readonly at: number; readonly bytes: Buffer}
  | {readonly call: 'cut'; readonly path: string; readonly size: number}
  | {readonly call: 'say'; readonly text: string}

const CALLS = 'openat,mkdir,unlink,pwrite64,ftruncate,fsync,fdatasync,write'

/**
 * Runs a TypeScript program under strace and answers with its calls on files below `root`. Only the main thread is
 * followed: SQLite and everything synchronous runs there, and no line is torn by another thread's.
 * `-shm` is left out: it is shared memory, which no power cut leaves behind. So is the ballast, on which no record depends.
 */
export function recordWrites(program: string, args: readonly string[], root: string): readonly DiskCall[] {
  const log = join(scratch(), 'strace.log')
  const strace = ['-xx', '-y', '-qq', '-s', '4194304', '-e', `trace=${CALLS}`, '-e', 'signal=none', '-o', log, process.execPath, program, ...args]
  const {status, stderr} = spawnSync('strace', strace, {encoding: 'utf8', env: {...process.env, NODE_OPTIONS: ''}, maxBuffer: 1 << 28})
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`)
  const calls = readFileSync(log, 'latin1')
    .split('\n')
    .flatMap(line => callOf(line, root) ?? [])
  rmSync(log)
  return calls
}

const RETURNED = /\) += \d+(?:<[^>]*>)?$/

/** Undefined: failed, cut off, or none of our business. Lines are long: no pattern is run over the bytes written. */
function callOf(line: string, root: string): DiskCall | undefined {
  const name = line.slice(0, line.indexOf('('))
  if ((name === 'write' && !line.startsWith('write(1<')) || !RETURNED.test(line.slice(-200))) return undefined
  const text = bytesOf(line.slice(line.indexOf('"') + 1, line.lastIndexOf('"')))
  if (name === 'write') return {call: 'say', text: String(text).trimEnd()}
  const given = line.slice(line.lastIndexOf('"') + 1)
  const isByName = name === 'openat' || name === 'mkdir' || name === 'unlink'
  const path = String(isByName ? text : bytesOf(line.slice(line.indexOf('<') + 1, line.indexOf('>'))))
  if (!path.startsWith(root) || path.endsWith('-shm')) return undefined
  switch (name) {
    case 'openat':
      return given.includes('O_CREAT') ? {call: 'make', path} : undefined
    case 'mkdir':
      return {call: 'make folder', path}
    case 'unlink':
      return {call: 'remove', path}
    case 'pwrite64':
      return {call: 'write', path, at: lastNumber(given), bytes: text}
    case 'ftruncate':
      return {call: 'cut', path, size: lastNumber(given)}
    case 'fsync':
    case 'fdatasync':
      return {call: 'sync', path}
    default:
      return undefined
  }
}

/** The last argument: an offset, a size. */
function lastNumber(given: string): number {
  return Number(/, (\d+)\) += /.exec(given)?.[1])
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll('\\x', ''), 'hex')
}

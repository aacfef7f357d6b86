import {dirname} from 'node:path'
import type {DiskCall} from './record-writes.ts'

/** A drive keeps or loses whole sectors. */
const SECTOR = 512

interface File {
  /** As of its last sync. */
  readonly safe: Bytes
  /** What was asked for since: it may have reached the disk, or not, or in part, in any order. */
  loose: Extract<DiskCall, {call: 'write' | 'cut'}>[]
}

type Entry = File | 'folder'

/** A name that came or went since its folder was synced. */
interface Renaming {
  readonly name: string
  readonly entry: Entry | undefined
}

/**
 * What a pessimistic disk holds when the power fails after `calls`: of each file what was synced, and of everything later
 * a random part; of each folder the names it was synced with, and of later ones a random part. A file whose name or
 * folder was lost is gone, whatever was synced of it (POSIX promises no more).
 */
export function cutDisk(calls: readonly DiskCall[], random: () => number): ReadonlyMap<string, Buffer> {
  const names = new Map<string, Entry>() // as the process saw them
  const safeNames = new Map<string, Entry>()
  const looseNames = new Map<string, Renaming[]>()
  const rename = (name: string, entry: Entry | undefined) => {
    if (entry) names.set(name, entry)
    else names.delete(name)
    looseNames.set(dirname(name), [...(looseNames.get(dirname(name)) ?? []), {name, entry}])
  }
  for (const one of calls) {
    if (one.call === 'say') continue
    const entry = names.get(one.path)
    if (one.call === 'make' && !entry) rename(one.path, {safe: new Bytes(), loose: []})
    if (one.call === 'make folder') rename(one.path, 'folder')
    if (one.call === 'remove') rename(one.path, undefined)
    if ((one.call === 'write' || one.call === 'cut') && entry && entry !== 'folder') entry.loose.push(one)
    if (one.call !== 'sync') continue
    if (entry && entry !== 'folder') for (const loose of entry.loose.splice(0)) entry.safe.apply(loose)
    else for (const {name, entry: after} of looseNames.get(one.path) ?? []) settle(safeNames, name, after)
    if (entry === undefined || entry === 'folder') looseNames.delete(one.path)
  }
  for (const {name, entry} of [...looseNames.values()].flat()) if (random() < 0.5) settle(safeNames, name, entry)
  return surviving(safeNames, new Set(calls.flatMap(one => (one.call === 'make folder' ? [one.path] : []))), random)
}

function settle(names: Map<string, Entry>, name: string, entry: Entry | undefined): void {
  if (entry) names.set(name, entry)
  else names.delete(name)
}

function surviving(names: ReadonlyMap<string, Entry>, made: ReadonlySet<string>, random: () => number): ReadonlyMap<string, Buffer> {
  const isReachable = (path: string): boolean => {
    const folder = dirname(path)
    return folder === path || ((!made.has(folder) || names.has(folder)) && isReachable(folder))
  }
  const files = new Map<string, Buffer>()
  for (const [path, entry] of names) if (entry !== 'folder' && isReachable(path)) files.set(path, onDisk(entry, random))
  return files
}

/** All of it, none of it, or some: each write whole, lost, or some of its sectors. */
function onDisk({safe, loose}: File, random: () => number): Buffer {
  const luck = random()
  for (const one of loose) {
    const fate = luck < 0.2 ? 0 : luck < 0.4 ? 0.5 : random()
    if (fate < 0.4) continue
    if (one.call === 'cut' || fate < 0.8) safe.apply(one)
    else for (const part of torn(one, random)) safe.apply(part)
  }
  return safe.content()
}

function torn({path, at, bytes}: Extract<DiskCall, {call: 'write'}>, random: () => number): readonly Extract<DiskCall, {call: 'write'}>[] {
  const parts = []
  for (let from = 0; from < bytes.length; ) {
    const to = Math.min(bytes.length, (Math.floor((at + from) / SECTOR) + 1) * SECTOR - at)
    if (random() < 0.5) parts.push({call: 'write' as const, path, at: at + from, bytes: bytes.subarray(from, to)})
    from = to
  }
  return parts
}

/** Grows as it is written to: a long log is played again for every cut. */
class Bytes {
  #buffer = Buffer.alloc(1 << 16)
  #size = 0

  apply(one: Extract<DiskCall, {call: 'write' | 'cut'}>): void {
    if (one.call === 'cut') {
      this.#buffer.fill(0, Math.min(one.size, this.#size), this.#size)
      this.#grow(one.size)
      this.#size = one.size
    } else {
      this.#grow(one.at + one.bytes.length)
      one.bytes.copy(this.#buffer, one.at)
      this.#size = Math.max(this.#size, one.at + one.bytes.length)
    }
  }

  #grow(size: number): void {
    if (size <= this.#buffer.length) return
    const larger = Buffer.alloc(size * 2)
    this.#buffer.copy(larger, 0, 0, this.#size)
    this.#buffer = larger
  }

  content(): Buffer {
    return this.#buffer.subarray(0, this.#size)
  }
}

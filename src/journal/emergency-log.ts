import {closeSync, constants, fdatasyncSync, lstatSync, openSync, readdirSync, type Stats, writeSync} from 'node:fs'
import {basename, join} from 'node:path'
import {Fault} from '../lib/fault.ts'
import {readFileBounded} from '../lib/files.ts'
import type {Ids} from '../lib/ids.ts'
import type {Unchained} from './chain.ts'
import {ensurePrivateFolder, isPrivateFolder} from './emergency-folders.ts'
import {type EmergencyRecord, emergencyLine, parseEmergencyLine} from './emergency-record.ts'

export interface EmergencyOptions {
  readonly home: string | null
  readonly folders: readonly string[]
  readonly ids: Ids
  /** Takes one line when no folder takes it: the command line prints it on stderr. */
  readonly lastResort?: (line: string) => void
}

/** More than this was not written by hand during an outage: a file beyond it is left to `doctor --recover`. */
const LARGEST_LOG_BYTES = 64 << 20
const NAME = /^emergency-(\d+)-[0-9a-f]+\.jsonl$/

/**
 * Where events go while the journal cannot be written. Small, and imported with the journal, not when needed: the disk the
 * program lies on may be the one that fails.
 */
export class EmergencyLog {
  readonly #options: EmergencyOptions
  #handle: {readonly fd: number; readonly path: string} | undefined
  readonly #parsed = new Map<string, {readonly bytes: number; readonly records: readonly EmergencyRecord[]}>()
  /** Written by this process, wherever they went: stderr cannot be read back. */
  readonly #own: EmergencyRecord[] = []

  constructor(options: EmergencyOptions) {
    this.#options = options
  }

  /**
   * Keeps each event on a line of its own, durable as far as the folder can be, and answers where.
   * @throws Fault journal.unwritable: no folder, and no last resort
   */
  write(events: readonly Unchained[]): {readonly where: string; readonly records: readonly EmergencyRecord[]} {
    const written = events.map(event => emergencyLine(event, this.#options.home))
    const places = written.map(({line}) => this.#writeLine(line))
    const records = written.map(({record}) => record)
    this.#own.push(...records)
    return {where: places.at(-1) ?? '', records}
  }

  #writeLine(line: string): string {
    for (const folder of this.#options.folders) {
      try {
        const {fd, path} = this.#open(folder)
        const bytes = Buffer.from(`${line}\n`)
        if (writeSync(fd, bytes) < bytes.length) throw new Error('the folder is full')
        fdatasyncSync(fd)
        return path
      } catch {
        this.close() // a torn line stays behind and is skipped by its sum
      }
    }
    const {lastResort} = this.#options
    if (!lastResort) throw new Fault('journal.unwritable', 'neither the journal nor an emergency log can be written; the event is kept nowhere')
    lastResort(`SCRAM-EVENT ${line}`)
    return 'stderr'
  }

  #open(folder: string): {readonly fd: number; readonly path: string} {
    if (this.#handle?.path.startsWith(`${folder}/`)) return this.#handle
    if (!ensurePrivateFolder(folder)) throw new Error(`${folder} is not ours alone`)
    const path = join(folder, `emergency-${process.pid}-${this.#options.ids.hex(6)}.jsonl`)
    const fd = openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_WRONLY, 0o600)
    this.#handle = {fd, path}
    return this.#handle
  }

  /** Logs that wait to be imported, this home's and those of nobody; the process that writes one may still live. */
  files(): readonly {readonly path: string; readonly pid: number}[] {
    return this.#options.folders.flatMap(namesIn).flatMap(path => {
      const pid = NAME.exec(basename(path))?.[1]
      return pid !== undefined && this.#parse(path).some(record => this.#concerns(record)) ? [{path, pid: Number(pid)}] : []
    })
  }

  /** Every record of every process, each id once, in record order; torn lines are left out. */
  records(): readonly EmergencyRecord[] {
    const byId = new Map(this.#own.map(record => [record.id, record]))
    for (const {path} of this.files()) for (const record of this.#parse(path)) if (this.#concerns(record)) byId.set(record.id, record)
    return [...byId.values()].sort((a, b) => a.hlc[0] - b.hlc[0] || a.hlc[1] - b.hlc[1] || (a.id < b.id ? -1 : 1))
  }

  #concerns({home}: EmergencyRecord): boolean {
    return home === null || home === this.#options.home
  }

  /** Parsed again only when it grew. A file that is not ours, or gone since, holds nothing. */
  #parse(path: string): readonly EmergencyRecord[] {
    try {
      const {size} = lstatSync(path)
      const known = this.#parsed.get(path)
      if (known?.bytes === size) return known.records
      const refuse = ({uid}: Stats) => (process.getuid === undefined || uid === process.getuid() ? undefined : 'it is not ours')
      const lines = readFileBounded(path, LARGEST_LOG_BYTES, {refuse}).toString('utf8').split('\n')
      const records = lines.flatMap(line => parseEmergencyLine(line) ?? [])
      this.#parsed.set(path, {bytes: size, records})
      return records
    } catch {
      return []
    }
  }

  close(): void {
    if (this.#handle) closeSync(this.#handle.fd)
    this.#handle = undefined
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return isPrivateFolder(folder) ? readdirSync(folder).map(name => join(folder, name)) : []
  } catch {
    return []
  }
}

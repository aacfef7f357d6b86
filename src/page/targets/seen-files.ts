import {type Stats, stat} from 'node:fs'
import {join} from 'node:path'

export interface SeenFile {
  readonly sha256: string
  /** Of the file's inode: whoever writes, replaces, renames or touches it leaves another one. */
  readonly stamp: string
}

/** What was changed this shortly before we looked may be changed again without a new time: network disks count seconds. */
const SETTLED_MS = 3000

/**
 * Files of one target that were read back and right, by path: one that bears its stamp still is not read again. The change
 * time is the file system's own, which nobody sets: a stamp cannot be given back. Wrong only where the disk itself changes
 * a byte (`scram outbox retry` reads everything).
 */
export class SeenFiles {
  readonly #files: Map<string, SeenFile>
  #isGrown = false

  constructor(files: Iterable<readonly [name: string, file: SeenFile]> = []) {
    this.#files = new Map(files)
  }

  /** Something was learnt that is worth keeping. */
  get isGrown(): boolean {
    return this.#isGrown
  }

  isRight(name: string, sha256: string, stats: Stats | null): boolean {
    const seen = this.#files.get(name)
    return stats !== null && seen?.sha256 === sha256 && seen.stamp === stampOf(stats)
  }

  /** `stats` from before it was read, `nowMs` by the clock of its file system. */
  learn(name: string, sha256: string, stats: Stats, nowMs: number): void {
    if (stats.ctimeMs > nowMs - SETTLED_MS) return
    this.#files.set(name, {sha256, stamp: stampOf(stats)})
    this.#isGrown = true
  }

  files(): readonly (readonly [name: string, file: SeenFile])[] {
    return [...this.#files]
  }
}

function stampOf({dev, ino, size, mtimeMs, ctimeMs, mode}: Stats): string {
  return [dev, ino, size, mtimeMs, ctimeMs, mode].join(' ')
}

/** All at once and by the plain callback: five hundred of them by promises cost as much as reading the files. Null: not there. */
export async function statAll(path: string, names: readonly string[]): Promise<readonly (Stats | null)[]> {
  const found = new Array<Stats | null>(names.length).fill(null)
  await new Promise<void>(resolve => {
    let left = names.length
    if (left === 0) resolve()
    for (const [i, name] of names.entries()) {
      stat(join(path, name), (error, stats) => {
        if (!error) found[i] = stats
        left -= 1
        if (left === 0) resolve()
      })
    }
  })
  return found
}

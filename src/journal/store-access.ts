import {busyFault, type DiskProblem, diskEvidence, diskProblem} from './disk-problem.ts'
import type {Trouble} from './journal.ts'
import type {Reading, Store, Writing} from './store.ts'
import {tolerant} from './tolerant-reading.ts'

/** Enough for a ballast and a recovery under our feet; an end for everything else. */
const MOST_TRIES = 3

export interface StoreDoors {
  /** Throws what the disk says. `isFull`: it was full a moment ago. */
  open(isFull: boolean): Store
  /** For reading only, as well as it can be had; undefined: not at all. */
  openForReading(): Store | undefined
  /** Whether the disk has no room left. */
  isFull(): boolean
  /** Gives up the ballast. False: there was none. */
  makeRoom(): boolean
}

/**
 * Holds the connection, and knows what a failing disk means. After the first I/O error a connection is never used again;
 * reading goes on over another one. Whoever asks for a transaction gets one on a sound connection, or none.
 */
export class StoreAccess {
  readonly #doors: StoreDoors
  #writer: Store | undefined
  #reader: Store | undefined
  #isCorrupt = false
  #reopened = 0
  readonly #troubles = new Map<Trouble['code'], Trouble>()

  constructor(doors: StoreDoors) {
    this.#doors = doors
  }

  /** @throws Fault journal.busy · what is not the disk's doing */
  open(): void {
    try {
      this.#writer = this.#doors.open(false)
    } catch (error) {
      // Opening a file says many things when there is no room for a -wal beside it, and seldom "full".
      const problem = diskProblem(error)
      this.#breakOff(error, (problem === 'io' || problem === 'unwritable') && this.#doors.isFull() ? 'full' : problem)
    }
  }

  openForReading(): void {
    this.#reader = this.#doors.openForReading()
  }

  /** Known to be damaged: whatever is read may be less than there was. */
  get isCorrupt(): boolean {
    return this.#isCorrupt
  }

  trouble(): readonly Trouble[] {
    return [...this.#troubles.values()]
  }

  note(trouble: Trouble): void {
    this.#troubles.set(trouble.code, trouble)
  }

  /** Undefined: there is no sound connection (any more), and nothing was recorded. */
  write<T>(work: (writing: Writing) => T): {readonly done: T} | undefined {
    while (this.#writer) {
      try {
        return {done: this.#writer.write(work)}
      } catch (error) {
        this.#breakOff(error)
      }
    }
    return undefined
  }

  /** Undefined: nothing can be read. A damaged file is read as far as it goes, and `trouble()` says so. */
  read<T>(work: (reading: Reading, store: Store) => T): {readonly done: T} | undefined {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const store = this.#writer ?? this.#reader
      if (!store) return undefined
      try {
        return {done: store.read(reading => work(this.#isCorrupt ? tolerant(reading) : reading, store))}
      } catch (error) {
        const problem = diskProblem(error)
        this.#breakOff(error, problem === 'io' ? 'corrupt' : problem) // a part that cannot be read is as good as damaged
      }
    }
    return undefined
  }

  /** For what may as well be left out. */
  tryWrite(work: (writing: Writing, store: Store) => void): void {
    try {
      this.#writer?.tryWrite(work)
    } catch (error) {
      if (diskProblem(error) !== 'busy') this.#breakOff(error)
    }
  }

  version(): number {
    return (this.#writer ?? this.#reader)?.version() ?? 0
  }

  /**
   * Ends the connection an error came over, and finds out what is left. The next one is opened *before* the broken one is
   * closed: SQLite's close of a last connection checkpoints and deletes `-wal`, the only copy of what may yet be saved.
   */
  #breakOff(error: unknown, problem = diskProblem(error)): void {
    if (problem === undefined) throw error
    if (problem === 'busy') throw busyFault(error)
    const broken = [this.#writer, this.#reader]
    this.#writer = undefined
    this.#reader = undefined
    if (problem === 'corrupt') this.#isCorrupt = true
    if (!this.#openAgain(problem)) {
      this.#reader = this.#doors.openForReading()
      this.note(troubleOf(problem, error))
    }
    for (const store of broken) closeQuietly(store)
  }

  /** A full disk once the ballast is gone; a journal that was put in place of the one we had open. */
  #openAgain(problem: DiskProblem): boolean {
    if (this.#reopened === MOST_TRIES || (problem !== 'full' && problem !== 'moved')) return false
    if (problem === 'full' && !this.#doors.makeRoom()) return false
    this.#reopened += 1
    try {
      this.#writer = this.#doors.open(problem === 'full')
      return true
    } catch {
      return false
    }
  }

  close(): void {
    closeQuietly(this.#writer)
    closeQuietly(this.#reader)
    this.#writer = undefined
    this.#reader = undefined
  }
}

function closeQuietly(store: Store | undefined): void {
  try {
    store?.close()
  } catch {}
}

const RECOVER = 'scram doctor --recover'

function troubleOf(problem: DiskProblem, error: unknown): Trouble {
  const evidence = diskEvidence(error)
  if (problem === 'corrupt') return {code: 'corrupt', message: `the journal is damaged (${evidence}); it is read as far as it goes`, hints: [RECOVER]}
  if (problem === 'unwritable') return {code: 'read-only', message: `the journal cannot be written (${evidence})`, hints: ['scram doctor']}
  const what = problem === 'full' ? 'the disk of the journal is full' : 'the disk of the journal failed'
  return {code: 'read-only', message: `${what} (${evidence}); nothing more is written to it by this command`, hints: [RECOVER]}
}

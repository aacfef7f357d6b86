import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join, relative} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {describe, expect, it} from '@jest/globals'
import {openJournal} from '../../src/journal/open-journal.ts'
import {HandClock, scratch, testKeeper} from '../journal/test-keeper.ts'
import {cutDisk} from './cut-disk.ts'
import {type DiskCall, recordWrites} from './record-writes.ts'
import {missing} from './run-writer.ts'
import {seeded} from './seeded.ts'
import type {Orders} from './writer.ts'

const noStrace = missing('strace', ['-xx', '-y', '-qq', '-o', '/dev/null', 'true'])
if (noStrace) process.stdout.write(`SKIPPED, power is not cut: strace does not run here (${noStrace})\n`)
const withStrace = noStrace ? describe.skip : describe

const CUTS = process.env['SCRAM_LONG'] ? 500 : 60
const writer = (orders: Omit<Orders, 'folders' | 'tag'>) => [JSON.stringify({...orders, folders: [], tag: 'w'})]
const WRITER = join(import.meta.dirname, 'writer.ts')
const CARELESS = join(import.meta.dirname, 'careless-writer.ts')

/** Where the power fails: at random, and right after each of some acknowledgements, where there is most to lose. */
function* cutsOf(
  calls: readonly DiskCall[],
  cuts: number,
  random: () => number,
): Generator<{readonly before: readonly DiskCall[]; readonly acknowledged: readonly string[]}> {
  const said = calls.flatMap((one, i) => (one.call === 'say' && one.text.startsWith('ack ') ? [i] : []))
  for (let n = 0; n < cuts; n += 1) {
    const at = n % 2 === 0 ? Math.floor(random() * calls.length) : (said[Math.floor(random() * said.length)] ?? 0) + 1
    const before = calls.slice(0, at)
    yield {before, acknowledged: before.flatMap(one => (one.call === 'say' && one.text.startsWith('ack ') ? [one.text.slice(4)] : []))}
  }
}

/** The files of a cut disk, put into a folder of their own. */
function restored(files: ReadonlyMap<string, Buffer>, root: string): string {
  const folder = scratch()
  for (const [path, bytes] of files) {
    const file = join(folder, relative(root, path))
    mkdirSync(dirname(file), {recursive: true})
    writeFileSync(file, bytes, {mode: 0o600})
  }
  return folder
}

interface Found {
  readonly ids: readonly string[]
  readonly problems: readonly unknown[]
}

async function readJournal(folder: string): Promise<Found> {
  const journal = await openJournal({...testKeeper(new HandClock(Date.now())), home: join(folder, 'home'), emergencyFolders: []})
  try {
    const ids = (await journal.events()).map(({id}) => id)
    const {ok, flaws} = await journal.verify()
    return {ids, problems: [...(ok ? [] : flaws), ...journal.trouble()]}
  } finally {
    await journal.close()
  }
}

async function readRows(folder: string): Promise<Found> {
  try {
    const database = new DatabaseSync(join(folder, 'home/journal.db'))
    const ids = database.prepare('select id from event').all()
    database.close()
    return {ids: ids.map(({id}) => String(id)), problems: []}
  } catch {
    return {ids: [], problems: []} // not even the table
  }
}

/** How many acknowledged events were missing after each cut. */
async function lostIn(calls: readonly DiskCall[], root: string, read: (folder: string) => Promise<Found>, cuts = CUTS) {
  const seed = Date.now() % 1_000_000
  const random = seeded(seed)
  const losses: unknown[] = []
  for (const {before, acknowledged} of cutsOf(calls, cuts, random)) {
    const folder = restored(cutDisk(before, random), root)
    const {ids, problems} = await read(folder)
    const lost = acknowledged.filter(id => !ids.includes(id)).length
    if (lost > 0 || problems.length > 0) losses.push({seed, cutAfter: before.length, of: calls.length, acknowledged: acknowledged.length, lost, problems})
    rmSync(folder, {recursive: true})
  }
  return losses
}

withStrace('a power cut', () => {
  it('loses no acknowledged event, the very first of a fresh home included', async () => {
    const root = scratch()
    const calls = recordWrites(WRITER, writer({home: join(root, 'home'), count: 12}), root)
    expect(calls.filter(one => one.call === 'say' && one.text.startsWith('ack '))).toHaveLength(12)
    expect(await lostIn(calls, root, readJournal)).toEqual([])
  }, 120_000)

  it('loses none while a long log is folded into the file, nor in a home that was closed and opened again', async () => {
    const root = scratch()
    const home = join(root, 'home')
    const calls = [
      ...recordWrites(WRITER, writer({home, count: 8, bytes: 20}), root),
      ...recordWrites(WRITER, writer({home, count: 30, bytes: 150_000}), root),
      ...recordWrites(WRITER, writer({home, count: 4, bytes: 20}), root),
    ]
    const folded = calls.filter(one => one.call === 'write' && one.path.endsWith('journal.db')).length
    expect(folded).toBeGreaterThan(1000) // pages of the file itself: the log was folded in
    expect(await lostIn(calls, root, readJournal, CUTS / 3)).toEqual([]) // megabytes are played again for each
  }, 240_000)

  it('is seen to lose what is not synced: synchronous=NORMAL, and a home whose folders are not', async () => {
    const root = scratch()
    const careless = recordWrites(CARELESS, [join(root, 'home/journal.db'), '12'], root)
    expect(await lostIn(careless, root, readRows)).not.toEqual([])
    const other = scratch()
    const calls = recordWrites(WRITER, writer({home: join(other, 'home'), count: 3}), other)
    const unsynced = calls.filter(one => one.call !== 'sync' || one.path.includes('journal.db'))
    expect(calls.length - unsynced.length).toBeGreaterThan(2)
    expect(await lostIn(unsynced, other, readJournal)).not.toEqual([])
  }, 120_000)
})

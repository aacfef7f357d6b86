import {closeSync, copyFileSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync, writeSync} from 'node:fs'
import {join} from 'node:path'
import {beforeEach, describe, expect, it} from '@jest/globals'
import type {Journal} from '../../src/journal/journal.ts'
import {openJournal} from '../../src/journal/open-journal.ts'
import {recoverJournal, startEpoch} from '../../src/journal/recover-journal.ts'
import {collect, HandClock, note, scratch, testKeeper, textsOf} from './test-keeper.ts'

const NOTHING = {isNew: false, salvaged: null, imported: 0, duplicates: 0, refused: [], settled: []}

describe('recovery', () => {
  let home: string
  let file: string
  let folder: string
  let clock: HandClock

  const options = () => ({...testKeeper(clock), home, emergencyFolders: [folder]})
  const open = (): Promise<Journal> => openJournal(options())

  beforeEach(async () => {
    home = scratch()
    file = join(home, 'journal.db')
    folder = scratch()
    clock = new HandClock()
    const journal = await open()
    const notes = Array.from({length: 400}, (_, i) => note(`${i} ${'.'.repeat(200)}`))
    for (let i = 0; i < 400; i += 100) await journal.append('0607-a', notes.slice(i, i + 100))
    await journal.close()
  })

  /** Bytes go bad at one place of the file. */
  const damage = (at: number, bytes: Uint8Array) => {
    const handle = openSync(file, 'r+')
    writeSync(handle, bytes, 0, bytes.length, at)
    closeSync(handle)
  }

  it('touches nothing when nothing is wrong', async () => {
    const before = readFileSync(file)
    expect(await recoverJournal(options())).toEqual(NOTHING)
    expect(readFileSync(file)).toEqual(before)
    expect(readdirSync(home)).not.toContain('quarantine')
  })

  it('has nothing to do where there is no journal yet', async () => {
    home = join(scratch(), 'none')
    expect(await recoverJournal(options())).toEqual(NOTHING)
  })

  it('does not take an emptied journal for one that was never begun', async () => {
    rmSync(`${file}-wal`, {force: true})
    truncateSync(file, 0)
    writeFileSync(join(home, 'ballast'), '') // it is made after a first commit
    expect(await recoverJournal(options())).toMatchObject({isNew: false, salvaged: {kept: 0, epoch: 2}})
  })

  it('does not take a record behind a damaged frame for one that was never begun', async () => {
    home = scratch()
    file = join(home, 'journal.db')
    const journal = await open()
    await journal.append('0607-a', [note('only in the -wal')])
    const bytes = ['', '-wal'].map(suffix => readFileSync(file + suffix))
    await journal.close()
    rmSync(join(home, 'ballast'), {force: true})
    writeFileSync(file, bytes[0] ?? '')
    bytes[1]?.fill(0, 32, 64) // the first frame: SQLite reads nothing after it
    writeFileSync(`${file}-wal`, bytes[1] ?? '')
    expect(await recoverJournal(options())).toMatchObject({isNew: false, salvaged: {kept: 0}})
  })

  it('leaves a file that was never begun to the next write', async () => {
    home = scratch()
    file = join(home, 'journal.db')
    writeFileSync(file, '', {mode: 0o600})
    expect(await recoverJournal(options())).toEqual({...NOTHING, isNew: true})
    const journal = await open()
    await journal.append('0607-a', [note('first')])
    expect([journal.epoch, textsOf(await journal.events())]).toEqual([1, ['first']])
    await journal.close()
    expect(await recoverJournal(options())).toEqual(NOTHING)
  })

  describe('of a damaged file', () => {
    /** The page that holds the text of a note, in the middle of the history. */
    const pageOf = (text: string) => Math.floor(readFileSync(file).indexOf(text) / 4096) * 4096

    it.each<[string, () => void]>([
      ['a page of zeros', () => damage(pageOf('"200 ..'), new Uint8Array(4096))],
      ['one flipped bit in a text', () => damage(readFileSync(file).indexOf('"200 ..') + 1, Buffer.from('3'))],
      ['a cut-off end', () => truncateSync(file, Math.floor(statSync(file).size / 2 / 4096) * 4096)],
    ])('with %s keeps the sound beginning and the damaged bytes, and goes on in a new epoch', async (_, harm) => {
      harm()
      const damaged = readFileSync(file)
      const before = await open()
      expect((await before.verify()).ok).toBe(false)
      await before.close()
      const {salvaged} = await recoverJournal(options())
      expect(salvaged?.epoch).toBe(2)
      expect(salvaged?.lost.length).toBeGreaterThan(0)
      expect(readFileSync(join(salvaged?.quarantine ?? '', 'journal.db'))).toEqual(damaged)
      const journal = await open()
      const events = await journal.events({incident: '0607-a'})
      expect(salvaged?.kept).toBe(events.length)
      expect(textsOf(events).map(text => Number.parseInt(text, 10))).toEqual(Array.from({length: events.length}, (_, i) => i))
      const [stopped, began] = [await journal.events({kinds: ['stream.stopped']}), await journal.events({kinds: ['journal.epoch']})]
      expect(began).toMatchObject([{epoch: 2, seq: 1, data: {reason: 'salvage', previous: 1}}])
      expect(stopped).toMatchObject([{data: {stream: journal.origin, epoch: 1, seq: events.length + 1, reason: 'corrupt'}}])
      await journal.append('0607-a', [note('it goes on')])
      expect(await journal.verify()).toMatchObject({ok: true})
      expect(journal.trouble()).toEqual([])
      await journal.close()
      expect(await recoverJournal(options())).toEqual(NOTHING)
    })

    it('loses nothing when only an index is damaged', async () => {
      const text = readFileSync(file)
      // A page that holds index entries: ids one after another, and no text of a record.
      const page = Array.from({length: text.length / 4096}, (_, i) => i * 4096).find(at => text[at] === 10 && at > 8192)
      damage(page ?? 0, new Uint8Array(4096))
      const {salvaged} = await recoverJournal(options())
      expect(salvaged).toMatchObject({kept: 400, epoch: 2})
      expect(await (await open()).verify()).toMatchObject({ok: true})
    })

    it('whose beginning is gone starts anew; the bytes stay', async () => {
      damage(0, new Uint8Array(4096))
      const before = await open()
      await before.append('0607-a', [note('while it is broken')])
      expect(before.trouble().map(({code}) => code)).toEqual(['corrupt', 'emergency'])
      await before.close()
      const recovered = await recoverJournal(options())
      expect(recovered).toMatchObject({imported: 1, salvaged: {kept: 0}})
      const journal = await open()
      expect(textsOf(await journal.events({incident: '0607-a'}))).toEqual(['while it is broken'])
      expect(await journal.verify()).toMatchObject({ok: true})
    })

    it('takes the lost end from an export, once a person says so', async () => {
      const whole = await open()
      const lines = await collect(whole.export())
      await whole.close()
      damage(readFileSync(file).indexOf('"200 ..') + 1, Buffer.from('3'))
      await recoverJournal(options())
      const journal = await open()
      expect(await journal.import(lines)).toMatchObject({added: 0})
      await journal.resume(journal.origin)
      expect(await journal.import(lines)).toMatchObject({added: 200, duplicates: 200, stops: []})
      expect(await journal.verify()).toMatchObject({ok: true})
      expect(await journal.events({incident: '0607-a'})).toHaveLength(400)
    })

    it('that was cut off before the last rename is ended by the next', async () => {
      copyFileSync(file, `${file}.salvaged`)
      damage(0, new Uint8Array(4096))
      expect(await recoverJournal(options())).toEqual(NOTHING)
      expect(await (await open()).verify()).toMatchObject({ok: true, events: 400})
    })

    it('is read as far as it goes meanwhile, under a banner', async () => {
      damage(pageOf('"300 ..'), new Uint8Array(4096))
      const journal = await open()
      const count = await journal.fold({name: 'n', key: '', version: 1, initial: () => 0, evolve: (n: number) => n + 1})
      expect(count).toBeGreaterThan(0)
      expect(count).toBeLessThan(400)
      expect(journal.trouble().map(({code}) => code)).toEqual(['corrupt'])
      expect(await journal.append('0607-a', [note('kept')])).toMatchObject([{seq: 0}])
      expect((await journal.verify()).ok).toBe(false)
    })
  })

  describe('of emergency logs', () => {
    /** Somebody worked while the home was away. */
    const withoutHome = async (texts: readonly string[]) => {
      renameSync(home, `${home}.away`)
      writeFileSync(home, '')
      const journal = await open()
      for (const text of texts) await journal.append('0607-a', [note(text)])
      await journal.close()
      rmSync(home)
      renameSync(`${home}.away`, home)
    }

    it('gives each event its place in the chain, at the time it had', async () => {
      clock.wall -= 60_000
      await withoutHome(['kept 1', 'kept 2'])
      clock.wall += 120_000
      const before = await open()
      expect(before.trouble().map(({code}) => code)).toEqual(['pending-emergency'])
      const shown = await before.events()
      await before.close()
      const recovered = await recoverJournal(options())
      expect(recovered).toMatchObject({salvaged: null, imported: 2, duplicates: 0, refused: []})
      expect(recovered.settled).toEqual([expect.stringMatching(/\.jsonl\.imported$/)])
      const journal = await open()
      const events = await journal.events()
      expect(events.map(({id}) => id)).toEqual(shown.map(({id}) => id))
      expect(textsOf(events).slice(0, 2)).toEqual(['kept 1', 'kept 2'])
      expect(events.slice(0, 2)).toMatchObject([{seq: 401, recorded: '2012-06-07T15:51:41.000Z'}, {seq: 402}])
      expect(journal.trouble()).toEqual([])
      expect(await journal.verify()).toMatchObject({ok: true, events: 402})
      expect(await recoverJournal(options())).toEqual(NOTHING)
    })

    it('a second time adds nothing, even when the log was not renamed', async () => {
      await withoutHome(['kept'])
      const {settled} = await recoverJournal(options())
      renameSync(settled[0] ?? '', (settled[0] ?? '').replace('.imported', ''))
      expect(await recoverJournal(options())).toMatchObject({imported: 0, duplicates: 1})
      expect(await (await open()).events()).toHaveLength(401)
    })

    it('puts a fold right that had a snapshot already', async () => {
      const projection = {name: 'n', key: '', version: 1, initial: (): string[] => [], evolve: (ids: string[], {id}: {id: string}) => [...ids, id]}
      const before = await open()
      await before.fold(projection)
      await before.close()
      clock.wall -= 60_000
      await withoutHome(['kept'])
      clock.wall += 60_000
      await recoverJournal(options())
      const journal = await open()
      expect(await journal.fold(projection)).toEqual((await journal.events()).map(({id}) => id))
    })

    it('copies the file to quarantine before it writes', async () => {
      const before = readFileSync(file)
      await withoutHome(['kept'])
      await recoverJournal(options())
      const [name = ''] = readdirSync(join(home, 'quarantine'))
      expect(readFileSync(join(home, 'quarantine', name, 'journal.db'))).toEqual(before)
    })
  })

  it('without a home is refused', async () => {
    await expect(recoverJournal({...options(), home: null})).rejects.toMatchObject({code: 'journal.unwritable'})
  })

  it('starts a new epoch by a person’s word', async () => {
    expect(await startEpoch(options(), 'restored from the backup of Tuesday')).toBe(2)
    expect(await startEpoch(options())).toBe(3)
    const journal = await open()
    expect(await journal.append(null, [note('new')])).toMatchObject([{epoch: 3, seq: 2}])
    expect(await journal.verify()).toMatchObject({ok: true, events: 403})
  })
})

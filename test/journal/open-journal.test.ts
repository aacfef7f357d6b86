import {existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {describe, expect, it, jest} from '@jest/globals'
import {isNetworkFolder, isWalSafe, openDatabase} from '../../src/journal/open-database.ts'
import {type OpenJournal, openJournal} from '../../src/journal/open-journal.ts'
import {HandClock, note, scratch, testKeeper, textsOf} from './test-keeper.ts'

const options = (home: string | null, more: Partial<OpenJournal> = {}): OpenJournal => ({...testKeeper(), home, emergencyFolders: [], ...more})

function pragma(home: string, name: string): unknown {
  const database = new DatabaseSync(join(home, 'journal.db'), {readOnly: true})
  const value = Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0]
  database.close()
  return value
}

describe('opening the journal', () => {
  it('makes folders 0700 and files 0600, whatever the umask', async () => {
    const before = process.umask(0)
    try {
      const home = join(scratch(), 'state', 'scram')
      const journal = await openJournal(options(home))
      await journal.append(null, [note('first')])
      expect(process.umask()).toBe(0)
      for (const folder of [home, join(home, '..')]) expect((statSync(folder).mode & 0o777).toString(8)).toBe('700')
      expect(readdirSync(home).sort()).toEqual(['ballast', 'journal.db', 'journal.db-shm', 'journal.db-wal'])
      for (const name of readdirSync(home)) expect(`${name} ${(statSync(join(home, name)).mode & 0o777).toString(8)}`).toBe(`${name} 600`)
      await journal.close()
    } finally {
      process.umask(before)
    }
  })

  it('is in WAL, as a journal of ours', async () => {
    const home = scratch()
    await (await openJournal(options(home))).close()
    expect([pragma(home, 'journal_mode'), pragma(home, 'application_id'), pragma(home, 'user_version')]).toEqual(['wal', 0x7363726d, 2])
  })

  it('is made by one of two processes that come in the same moment, whatever the other has seen by then', () => {
    const file = join(scratch(), 'journal.db')
    const prepare = DatabaseSync.prototype.prepare
    let isFirst = true
    const spy = jest.spyOn(DatabaseSync.prototype, 'prepare').mockImplementation(function (this: DatabaseSync, sql: string) {
      // The other one comes after we read that the file is nobody's, and before we look for tables.
      if (isFirst && sql.includes('sqlite_schema')) {
        isFirst = false
        openDatabase(file).close()
      }
      return prepare.call(this, sql)
    })
    try {
      openDatabase(file).close()
      expect(isFirst).toBe(false)
    } finally {
      spy.mockRestore()
    }
  })

  it('uses no WAL on an engine that may lose commits in it', async () => {
    const home = scratch()
    const journal = await openJournal(options(home, {engine: '3.46.1'}))
    await journal.append(null, [note('slow and safe')])
    expect(pragma(home, 'journal_mode')).toBe('delete')
    expect(existsSync(join(home, 'journal.db-wal'))).toBe(false)
  })

  it('does not mix engines in one WAL: the unsafe one keeps an emergency log', async () => {
    const home = scratch()
    const safe = await openJournal(options(home))
    await safe.append(null, [note('safe')])
    const unsafe = await openJournal(options(home, {engine: '3.46.1', emergencyFolders: [scratch()], busyTimeoutMs: 50}))
    await unsafe.append(null, [note('beside')])
    expect(unsafe.trouble().map(({code}) => code)).toContain('emergency')
    expect(textsOf(await unsafe.events())).toEqual(['safe', 'beside'])
  })

  it.each([
    ['3.51.3', true],
    ['3.51.2', false],
    ['3.50.7', true],
    ['3.50.6', false],
    ['3.44.6', true],
    ['3.44.5', false],
    ['3.45.9', false],
    ['3.53.4', true],
    ['3.7.0', false],
    ['4.0.0', true],
  ])('knows whether the WAL of SQLite %s is safe: %s', (version, isSafe) => {
    expect(isWalSafe(version)).toBe(isSafe)
  })

  it('knows a disk of this machine', () => {
    expect(isNetworkFolder('/dev/shm')).toBe(false)
  })

  it('refuses a link in the journal’s place', async () => {
    const home = scratch()
    symlinkSync(join(scratch(), 'elsewhere'), join(home, 'journal.db'))
    await expect(openJournal(options(home))).rejects.toMatchObject({code: 'setup.invalid', message: expect.stringContaining('symbolic link')})
    expect(lstatSync(join(home, 'journal.db')).isSymbolicLink()).toBe(true)
  })

  it('takes a home that is itself a link', async () => {
    const home = join(scratch(), 'link')
    symlinkSync(scratch(), home)
    const journal = await openJournal(options(home))
    await journal.append(null, [note('through the link')])
    expect(journal.trouble()).toEqual([])
  })

  it('refuses a database that is somebody else’s', async () => {
    const home = scratch()
    const database = new DatabaseSync(join(home, 'journal.db'))
    database.exec('create table recipes (title text)')
    database.close()
    await expect(openJournal(options(home))).rejects.toMatchObject({code: 'setup.invalid'})
  })

  it('begins a new epoch on another machine', async () => {
    const home = scratch()
    const first = await openJournal(options(home, {machine: 'one'}))
    await first.append(null, [note('here')])
    await first.close()
    const second = await openJournal(options(home, {machine: 'two'}))
    const [event] = await second.append(null, [note('there')])
    expect(event).toMatchObject({origin: first.origin, epoch: 2, seq: 2})
    expect((await second.events()).map(({kind}) => kind)).toEqual(['note.added', 'journal.epoch', 'note.added'])
    expect(first.epoch).toBe(1)
    await second.close()
    expect((await openJournal(options(home, {machine: 'two'}))).epoch).toBe(2)
    expect((await openJournal(options(home, {machine: ''}))).epoch).toBe(2)
  })

  it('for reading alone, makes nothing', async () => {
    const home = join(scratch(), 'none')
    const journal = await openJournal(options(home, {mode: 'read'}))
    expect(await journal.events()).toEqual([])
    expect(await journal.heads()).toEqual([])
    expect(existsSync(home)).toBe(false)
  })

  it('for reading alone, sees what is there', async () => {
    const home = scratch()
    const writer = await openJournal(options(home))
    await writer.append('0607-a', [note('one')])
    const reader = await openJournal(options(home, {mode: 'read'}))
    await writer.append('0607-a', [note('two')])
    expect(textsOf(await reader.events())).toEqual(['one', 'two'])
    expect(await reader.verify()).toMatchObject({ok: true, events: 2})
  })

  it('says it is busy, and that nothing was recorded, when another process keeps the lock', async () => {
    const home = scratch()
    const journal = await openJournal(options(home, {busyTimeoutMs: 20}))
    await journal.append(null, [note('before')])
    const other = new DatabaseSync(join(home, 'journal.db'))
    other.exec('begin immediate')
    await expect(journal.append(null, [note('during')])).rejects.toMatchObject({code: 'journal.busy', message: expect.stringContaining('nothing was recorded')})
    expect(textsOf(await journal.events())).toEqual(['before'])
    other.exec('rollback')
    await journal.append(null, [note('after')])
    expect(textsOf(await journal.events())).toEqual(['before', 'after'])
    other.close()
  })

  it('goes over to a file that was put in its place', async () => {
    const home = scratch()
    const journal = await openJournal(options(home))
    await journal.append(null, [note('old')])
    for (const name of readdirSync(home)) rmSync(join(home, name))
    const other = await openJournal(options(home))
    await other.append(null, [note('new')])
    await journal.append(null, [note('not into the void')])
    expect(textsOf(await other.events())).toEqual(['new', 'not into the void'])
    expect(await other.verify()).toMatchObject({ok: true, events: 2})
  })
})

describe('an emergency', () => {
  it('is kept where the home cannot be made, and read back by others', async () => {
    const blocked = join(scratch(), 'file')
    writeFileSync(blocked, '')
    const folders = [scratch()]
    const home = join(blocked, 'home')
    const journal = await openJournal(options(home, {emergencyFolders: folders}))
    const [event] = await journal.append('0607-a', [note('kept')])
    expect(event).toMatchObject({seq: 0, data: {text: 'kept'}})
    expect(journal.trouble().map(({code}) => code)).toEqual(['read-only', 'emergency'])
    const other = await openJournal(options(home, {emergencyFolders: folders}))
    expect(textsOf(await other.events({incident: '0607-a'}))).toEqual(['kept'])
    expect(other.trouble().map(({code}) => code)).toEqual(['read-only', 'pending-emergency'])
  })

  it('of one home is not shown in another', async () => {
    const folders = [scratch()]
    const journal = await openJournal(options('/proc/none', {emergencyFolders: folders}))
    await journal.append(null, [note('kept')])
    const other = await openJournal(options(scratch(), {emergencyFolders: folders}))
    expect(await other.events()).toEqual([])
    expect(other.trouble()).toEqual([])
  })

  it('prints its events when no folder takes them', async () => {
    const lines: string[] = []
    const journal = await openJournal(options(null, {lastResort: line => lines.push(line)}))
    await journal.append(null, [note('out loud')])
    expect(lines).toEqual([expect.stringMatching(/^SCRAM-EVENT \{.*out loud.*\}$/)])
    expect(textsOf(await journal.events())).toEqual(['out loud'])
  })

  it('without a place at all is an error, not a silence', async () => {
    await expect((await openJournal(options(null))).append(null, [note('lost')])).rejects.toMatchObject({code: 'journal.unwritable'})
  })

  it.each([
    ['a link', (folder: string) => symlinkSync(scratch(), folder)],
    ['open to others', (folder: string) => mkdirSync(folder, {mode: 0o755})],
    ['a file', (folder: string) => writeFileSync(folder, '')],
  ])('does not go into a folder that is %s', async (_, plant) => {
    const folder = join(scratch(), 'planted')
    plant(folder)
    const next = scratch()
    const journal = await openJournal(options(null, {emergencyFolders: [folder, next]}))
    await journal.append(null, [note('kept')])
    expect(readdirSync(next)).toHaveLength(1)
    expect((statSync(join(next, readdirSync(next)[0] ?? '')).mode & 0o777).toString(8)).toBe('600')
  })

  it('skips lines that are torn or altered', async () => {
    const folder = scratch()
    const journal = await openJournal(options(null, {emergencyFolders: [folder]}))
    await journal.append(null, [note('whole')])
    const [name = ''] = readdirSync(folder)
    writeFileSync(join(folder, name), '{"v":1,"tor', {flag: 'a'})
    const copy = name.replace('emergency-', 'emergency-9')
    const altered = readFileSync(join(folder, name), 'utf8')
      .replace('whole', 'altered')
      .replace(/"id":"\w/, '"id":"f')
    writeFileSync(join(folder, copy), altered)
    expect(textsOf(await (await openJournal(options(null, {emergencyFolders: [folder]}))).events())).toEqual(['whole'])
  })

  it('is folded beside the snapshot, in its place', async () => {
    const home = scratch()
    const folders = [scratch()]
    const clock = new HandClock()
    const journal = await openJournal(options(home, {...testKeeper(clock), emergencyFolders: folders}))
    const projection = {
      name: 'texts',
      key: '',
      version: 1,
      initial: (): string[] => [],
      evolve: (texts: string[], event: {data: unknown}) => [...texts, String((event.data as {text: string}).text)],
    }
    for (let i = 0; i < 60; i += 1) await journal.append(null, [note(`${i}`)])
    await journal.fold(projection)
    clock.wall -= 1000
    const beside = await openJournal(options(null, {...testKeeper(clock), emergencyFolders: folders}))
    await beside.append(null, [note('kept before')])
    const folded = await journal.fold(projection)
    expect(folded).toHaveLength(61)
    expect(folded[0]).toBe('kept before')
  })
})

import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {describe, expect, it} from '@jest/globals'
import {openJournal} from '../../src/journal/open-journal.ts'
import {HandClock, scratch, testKeeper} from '../journal/test-keeper.ts'
import {startWriter, type Writer} from './run-writer.ts'
import {seeded} from './seeded.ts'

const KILLS = 210
const AT_ONCE = 3

describe('kill -9', () => {
  it(`loses no acknowledged event in ${KILLS} kills of ${AT_ONCE} concurrent writers, and never breaks the chain`, async () => {
    const seed = Date.now() % 1_000_000
    const random = seeded(seed)
    const home = scratch()
    const folders = [scratch()]
    const acknowledged: string[] = []
    let started = 0
    const cycle = async () => {
      while (started < KILLS) {
        started += 1
        const writer: Writer = startWriter({home, folders, tag: `w${started}`})
        // Half of them before they could say anything: while the journal is opened, made, or first written.
        if (started % 2 === 0) await writer.started
        await new Promise(resolve => setTimeout(resolve, random() * 40))
        writer.child.kill('SIGKILL')
        await writer.ended
        acknowledged.push(...writer.acknowledged)
      }
    }
    await Promise.all(Array.from({length: AT_ONCE}, cycle))

    const journal = await openJournal({...testKeeper(new HandClock(Date.now())), home, emergencyFolders: folders})
    const events = await journal.events()
    const stored = new Set(events.map(({id}) => id))
    const lost = acknowledged.filter(id => !stored.has(id))
    expect({seed, lost}).toEqual({seed, lost: []})
    expect(acknowledged.length).toBeGreaterThan(KILLS)
    expect(await journal.verify()).toMatchObject({ok: true, events: events.length, heads: [{seq: events.length}]})
    expect(journal.trouble()).toEqual([])
    await journal.close()
    const database = new DatabaseSync(join(home, 'journal.db'))
    expect(database.prepare('pragma integrity_check').get()).toEqual({integrity_check: 'ok'})
    database.close()
    process.stdout.write(
      `kill -9: ${KILLS} kills, ${acknowledged.length} acknowledged, ${events.length - acknowledged.length} committed and not acknowledged, 0 lost\n`,
    )
  }, 120_000)
})

describe('a lease', () => {
  it('of a living process is refused to others, and free the moment it is killed', async () => {
    const home = scratch()
    const holder = startWriter({home, folders: [], tag: 'holder', lease: 'run/r-1'})
    await holder.started
    const journal = await openJournal({...testKeeper(new HandClock(Date.now())), home, emergencyFolders: []})
    expect(await journal.lease('run/r-1')).toMatchObject({held: false, holder: `pid ${holder.child.pid}`, alive: true})
    holder.child.kill('SIGKILL')
    await holder.ended
    expect(await journal.lease('run/r-1')).toMatchObject({held: true})
    await journal.close()
  })
})

describe('twenty writers at once', () => {
  it('make one chain, in a home none of them found', async () => {
    const home = join(scratch(), 'fresh')
    const folders = [scratch()]
    const writers = Array.from({length: 20}, (_, i) => startWriter({home, folders, tag: `w${i}`, count: 5}))
    await Promise.all(writers.map(({ended}) => ended))
    expect(writers.map(({child}) => child.exitCode)).toEqual(writers.map(() => 0))
    const journal = await openJournal({...testKeeper(new HandClock(Date.now())), home, emergencyFolders: folders})
    expect(writers.flatMap(({acknowledged}) => acknowledged)).toHaveLength(100)
    expect(await journal.verify()).toMatchObject({ok: true, events: 100, heads: [{seq: 100}]})
  }, 60_000)
})

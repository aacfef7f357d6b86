import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {beforeEach, describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {hashOf} from '../../src/journal/chain.ts'
import type {Journal} from '../../src/journal/journal.ts'
import {MemoryStore} from '../../src/journal/memory-store.ts'
import {openJournal} from '../../src/journal/open-journal.ts'
import {openMemoryJournal} from '../../src/journal/open-memory-journal.ts'
import type {Row} from '../../src/journal/store.ts'
import {verifyRecord} from '../../src/journal/verify-record.ts'
import {canonicalJson} from '../../src/lib/canonical.ts'
import {textSum} from '../../src/lib/text-sum.ts'
import {HandClock, note, opened, scratch, testKeeper} from './test-keeper.ts'

describe('verify', () => {
  let home: string
  let journal: Journal

  beforeEach(async () => {
    home = scratch()
    journal = await openJournal({...testKeeper(), home, emergencyFolders: []})
    for (let i = 1; i <= 9; i += 1) await journal.append('0607-a', [note(`${i}`)])
  })

  /** What somebody does who has the file and SQLite. */
  const tamper = (sql: string) => {
    const database = new DatabaseSync(join(home, 'journal.db'))
    database.exec(sql)
    database.close()
  }

  it('is content with what nobody touched', async () => {
    expect(await journal.verify()).toEqual({ok: true, events: 9, heads: await journal.heads(), flaws: []})
  })

  it.each([
    ['an edited text', `update event set record = replace(record, '"5"', '"x"') where seq = 5`, 5, /hash/],
    ['a text that is no JSON', `update event set record = substr(record, 2) where seq = 4`, 4, /JSON/],
    ['a text with a blank more', `update event set record = record || ' ' where seq = 4`, 4, /canonical/],
    ['a removed row', 'delete from event where seq = 3', 3, /missing/],
    ['a removed beginning', 'delete from event where seq = 1', 1, /missing/],
    [
      'swapped rows',
      'update event set seq = 99 where seq = 4; update event set seq = 4 where seq = 5; update event set seq = 5 where seq = 99',
      4,
      /column|follow/,
    ],
    ['another kind in the column', `update event set kind = 'note.removed' where seq = 6`, 6, /column kind/],
    ['another incident in the column', `update event set incident = '0607-b' where seq = 2`, 2, /column incident/],
    ['no incident in the column', 'update event set incident = null where seq = 2', 2, /column incident/],
    ['another id in the column', `update event set id = 'x' where seq = 7`, 7, /column id/],
    ['another run in the column', `update event set run = 'r-1' where seq = 7`, 7, /column run/],
    ['another time in the column', 'update event set hlc_ms = hlc_ms + 1 where seq = 8', 8, /column hlc/],
    ['another hash in the column', `update event set hash = replace(hash, substr(hash, 1, 1), 'z') where seq = 8`, 8, /column hash/],
  ])('names the first record of %s', async (_, sql, seq, problem) => {
    tamper(sql)
    const {ok, flaws} = await journal.verify()
    expect(ok).toBe(false)
    expect(flaws).toEqual([{origin: journal.origin, epoch: 1, seq, problem: expect.stringMatching(problem)}])
  })

  it('names the record after one that was replaced, hash and all', async () => {
    const database = new DatabaseSync(join(home, 'journal.db'))
    const text = String(database.prepare('select record from event where seq = 5').get()?.['record'])
    const record = JSON.parse(text.replace('"5"', '"6 of 9"')) as {hash: string}
    const replaced = {...record, hash: hashOf(record)}
    database.prepare('update event set record = ?, hash = ? where seq = 5').run(canonicalJson(replaced), replaced.hash)
    database.close()
    expect(await journal.verify()).toMatchObject({ok: false, flaws: [{seq: 5, problem: expect.stringContaining('checksum')}]})
    const honest = new DatabaseSync(join(home, 'journal.db'))
    honest.prepare('update event set sum = ? where seq = 5').run(textSum(`note.added${canonicalJson(replaced)}`))
    honest.close()
    expect(await journal.verify()).toMatchObject({ok: false, flaws: [{seq: 6, problem: expect.stringContaining('does not follow')}]})
  })

  it('sees a missing end only against a head noted elsewhere', async () => {
    const heads = await journal.heads()
    tamper('delete from event where seq > 7')
    expect(await journal.verify()).toMatchObject({ok: true, events: 7})
    expect(await journal.verify({heads})).toMatchObject({ok: false, flaws: [{seq: 8, problem: expect.stringContaining('reach 9')}]})
  })

  it('sees a rewritten history against a head noted elsewhere', async () => {
    const heads = (await journal.heads()).map(head => ({...head, hash: 'f'.repeat(64)}))
    expect(await journal.verify({heads})).toMatchObject({ok: false, flaws: [{seq: 9, problem: expect.stringContaining('rewritten')}]})
  })

  it('is content when it went on since a head was noted', async () => {
    const heads = await journal.heads()
    await journal.append(null, [note('more')])
    expect(await journal.verify({heads})).toMatchObject({ok: true, flaws: []})
  })
})

describe('any flipped byte', () => {
  it('is found, with the first record that is wrong', async () => {
    const store = new MemoryStore()
    const journal = openMemoryJournal(testKeeper(new HandClock()), store)
    await journal.append('0607-a', [opened('ünï 𝕊'), note('\u0000 "\\'), {kind: 'run.resumed', data: {run: 'r-1', by: 'ada'}}, note('last')])
    const rows = [...store.stream(journal.origin, 1, 1)]
    fc.assert(
      fc.property(
        fc.integer({min: 0, max: 3}),
        fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true}),
        fc.integer({min: 1, max: 255}),
        (index, share, mask) => {
          const row = rows[index] as Row
          const bytes = Buffer.from(row.record)
          const at = Math.floor(share * bytes.length)
          bytes[at] = (bytes[at] ?? 0) ^ mask
          const damaged = new MemoryStore()
          damaged.write(writing => {
            for (const one of rows) writing.insert(one === row ? {...row, record: bytes.toString('utf8')} : one)
          })
          const {ok, flaws} = verifyRecord(damaged, [])
          return !ok && flaws.length === 1 && flaws[0]?.seq === row.seq
        },
      ),
      {numRuns: 400},
    )
  })
})

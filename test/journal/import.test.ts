import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {beforeEach, describe, expect, it} from '@jest/globals'
import {hashOf} from '../../src/journal/chain.ts'
import type {Journal} from '../../src/journal/journal.ts'
import {MemoryStore} from '../../src/journal/memory-store.ts'
import {openJournal} from '../../src/journal/open-journal.ts'
import {openMemoryJournal} from '../../src/journal/open-memory-journal.ts'
import {canonicalJson} from '../../src/lib/canonical.ts'
import {collect, HandClock, note, scratch, testKeeper, textsOf} from './test-keeper.ts'

const clock = new HandClock()

/** A record changed and hashed again, as a later or another program would write it. */
function changed(line: string, change: Record<string, unknown>): string {
  const record = {...(JSON.parse(line) as Record<string, unknown>), ...change}
  return canonicalJson({...record, hash: hashOf(record)})
}

async function stream(count: number): Promise<string[]> {
  const journal = openMemoryJournal(testKeeper(clock, 'bo'))
  await journal.append(
    '0607-b',
    Array.from({length: count}, (_, i) => note(`${i + 1}`)),
  )
  return collect(journal.export())
}

describe('import', () => {
  let home: string
  let journal: Journal
  let lines: string[]

  beforeEach(async () => {
    home = scratch()
    journal = await openJournal({...testKeeper(clock), home, emergencyFolders: []})
    lines = await stream(5)
  })

  const reasons = async (...given: (string | Uint8Array)[]) => (await journal.import(given)).stops.map(({reason, seq}) => `${reason} at ${seq}`)
  const at = (index: number) => lines[index] ?? ''

  describe('stops a stream at a record that', () => {
    it.each<[string, string, (line: string) => string | Uint8Array]>([
      ['is over 1 MiB', 'oversize at 2', line => line.replace('"2"', `"${'x'.repeat(1 << 20)}"`)],
      ['is not UTF-8', 'corrupt at 2', line => Buffer.from(line.replace('"2"', '"\xff"'), 'latin1')],
      ['is not JSON', 'corrupt at 2', line => line.slice(0, -1)],
      ['nests too deep', 'corrupt at 2', line => line.replace('"text":"2"', `"text":${'['.repeat(40)}${']'.repeat(40)}`)],
      ['nests very deep', 'corrupt at 2', line => line.replace('"text":"2"', `"text":${'['.repeat(200_000)}`)],
      ['has no hash', 'corrupt at 2', line => line.replace(/"hash":"[^"]+",/, '')],
      ['has an actor of no kind we know', 'corrupt at 2', line => changed(line, {actor: {name: 'bo', kind: 'ghost'}})],
      ['has an instant nobody can read', 'corrupt at 2', line => changed(line, {at: 'yesterday'})],
      ['is of a newer version', 'newer at 2', line => changed(line, {v: 2})],
      ['was edited', 'corrupt at 2', line => line.replace('"2"', '"3"')],
      ['does not follow the one before', 'corrupt at 2', line => changed(line, {prev: '1'.repeat(64)})],
      ['has data that does not fit its kind', 'invalid at 2', line => changed(line, {data: {noteKind: 'gossip', text: '2'}})],
      ['was withheld', 'invalid at 2', line => canonicalJson({...(JSON.parse(line) as object), data: null, withheld: true})],
    ])('%s', async (_, expected, damage) => {
      const damaged = damage(at(1))
      expect(await reasons(at(0), damaged, at(2))).toEqual([expected])
      expect(await reasons(at(0), damaged, at(1), at(2))).toEqual([])
      expect(textsOf(await journal.events({incident: '0607-b'}))).toEqual(['1'])
      const [kept] = readdirSync(join(home, 'quarantine'))
      expect(readFileSync(join(home, 'quarantine', kept ?? ''))).toEqual(Buffer.from(damaged))
      expect(await journal.events({kinds: ['stream.stopped']})).toHaveLength(1)
      expect(await journal.verify()).toMatchObject({ok: true})
    })

    it('forks', async () => {
      expect(await reasons(...lines)).toEqual([])
      expect(await reasons(changed(at(1), {at: '2012-06-07T15:00:00.000Z'}))).toEqual(['fork at 2'])
    })

    it('bears the id of another', async () => {
      const id = (JSON.parse(at(0)) as {id: string}).id
      expect(await reasons(at(0), changed(at(1), {id}))).toEqual(['fork at 2'])
    })
  })

  it('lets other streams, our own writes and reads go on', async () => {
    const others = await stream(3)
    const {added, stops} = await journal.import([at(0), 'garbage', ...others, at(1).replace('"2"', '"x"'), at(2)])
    expect(added).toBe(4)
    expect(stops.map(({origin}) => origin).sort()).toEqual([(JSON.parse(at(0)) as {origin: string}).origin, 'unknown'].sort())
    await journal.append(null, [note('ours')])
    expect(await journal.verify()).toMatchObject({ok: true, events: 4 + 2 + 1})
  })

  it('waits at a gap, which is no stop', async () => {
    expect(await journal.import([at(0), at(3), at(2)])).toMatchObject({added: 1, stops: [], gaps: [{seq: 1}]})
    expect(await journal.import(lines)).toMatchObject({added: 4, duplicates: 1, stops: [], gaps: []})
  })

  it('keeps a kind it does not know, shows it as opaque and folds around it', async () => {
    const strange = changed(at(1), {kind: 'coffee.brewed', data: {cups: 3}})
    expect(await reasons(at(0), strange)).toEqual([])
    const events = await journal.events({incident: '0607-b'})
    expect(events.at(-1)).toMatchObject({kind: 'coffee.brewed', data: {cups: 3}, opaque: true})
    expect(await journal.fold({name: 'n', key: '', version: 1, initial: () => 0, evolve: (n: number) => n + 1})).toBe(1)
    expect((await collect(journal.export())).at(-1)).toBe(strange)
  })

  it('takes fields it does not know in data and envelope', async () => {
    const more = changed(at(1), {mood: 'calm', data: {noteKind: 'note', text: '2', colour: 'red'}})
    expect(await reasons(at(0), more)).toEqual([])
    expect((await collect(journal.export())).at(-1)).toBe(more)
    expect(await journal.verify()).toMatchObject({ok: true})
  })

  it('reads canonical order into any order of keys', async () => {
    const reversed = JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(at(0)) as object).reverse()))
    expect(await reasons(` ${reversed} \r\n`, '', at(1))).toEqual([])
    expect(await collect(journal.export())).toEqual(lines.slice(0, 2))
  })

  it('does not let a clock that is ahead take ours along', async () => {
    clock.wall += 600_000
    const ahead = await stream(1)
    clock.wall -= 600_000
    await journal.import(ahead)
    expect(journal.trouble()).toContainEqual(expect.objectContaining({code: 'clock-skew'}))
    const [ours] = await journal.append(null, [note('ours')])
    expect(ours?.hlc[0]).toBe(clock.wall)
  })

  it('keeps folding quick while a record from the future lies at the end', async () => {
    clock.wall += 600_000
    const ahead = await stream(1)
    clock.wall -= 600_000
    await journal.import(ahead)
    const counted = {name: 'n', key: '', version: 1, initial: () => 0, evolve: (n: number) => n + 1}
    for (let i = 0; i < 120; i += 1) await journal.append(null, [note(`${i}`)])
    expect(await journal.fold(counted)).toBe(121)
    let folded = 0
    const watching = {
      ...counted,
      evolve(n: number) {
        folded += 1
        return n + 1
      },
    }
    await journal.append(null, [note('one more')])
    expect(await journal.fold(watching)).toBe(122)
    expect(folded).toBeLessThan(10)
  })

  describe('a person', () => {
    const origin = () => (JSON.parse(at(0)) as {origin: string}).origin

    it('resumes a stream: refused again, it stops again', async () => {
      const newer = changed(at(1), {v: 2})
      await journal.import([at(0), newer])
      expect((await journal.resume(origin().slice(0, 6))).stops).toMatchObject([{seq: 2, reason: 'newer'}])
      expect(await journal.events({kinds: ['stream.stopped']})).toHaveLength(2)
      expect(await journal.events({kinds: ['stream.resumed']})).toHaveLength(1)
    })

    it('resumes a stream whose record is taken now', async () => {
      const store = new MemoryStore()
      const memory = openMemoryJournal(testKeeper(clock), store)
      await memory.import([at(0)])
      store.write(writing => writing.saveApplying({origin: origin(), epoch: 1, seq: 2, tries: 3}))
      expect((await memory.import(lines)).stops).toMatchObject([{seq: 2, reason: 'crashed'}])
      expect(await memory.resume(origin())).toMatchObject({added: 1, stops: []})
      expect(await memory.import(lines)).toMatchObject({added: 3, duplicates: 2, stops: []})
      expect(await memory.verify()).toMatchObject({ok: true})
    })

    it('resumes a stream with a copy that did not suffer on its way, and what comes behind it', async () => {
      await journal.import([at(0), at(1).replace('"data":{', '"data":{"torn":1,')])
      expect((await journal.import(lines)).left).toMatchObject([{seq: 2}])
      expect(await journal.resume(origin(), lines)).toMatchObject({added: lines.length - 1, duplicates: 1, stops: []})
      expect(await journal.verify()).toMatchObject({ok: true})
      expect((await journal.streams()).filter(({stopped}) => stopped !== null)).toEqual([])
    })

    it('skips a record: the stream goes on and stays incomplete', async () => {
      const invalid = changed(at(1), {data: {}})
      const third = changed(at(2), {prev: (JSON.parse(invalid) as {hash: string}).hash})
      await journal.import([at(0), invalid])
      await journal.skip(origin(), 'it is a test')
      expect(await journal.import([at(0), invalid, third])).toMatchObject({added: 1, duplicates: 2, stops: []})
      expect(await journal.streams()).toContainEqual(
        expect.objectContaining({seq: 3, stopped: null, skipped: [expect.objectContaining({seq: 2, reason: 'invalid'})]}),
      )
      expect(await journal.verify()).toMatchObject({ok: true})
      const [event] = await journal.events({kinds: ['stream.skipped']})
      expect(event?.data).toEqual({stream: origin(), epoch: 1, seq: 2, why: 'it is a test'})
    })

    it('is told when there is nothing to resume', async () => {
      await expect(journal.resume('nobody')).rejects.toMatchObject({code: 'entry.not-found'})
      await expect(journal.resume('')).rejects.toMatchObject({code: 'entry.not-found'})
    })
  })

  it('tries records one by one after a batch that ended the process, and gives one up after three', async () => {
    const store = new MemoryStore()
    const memory = openMemoryJournal(testKeeper(clock), store)
    const {origin} = JSON.parse(at(0)) as {origin: string}
    store.write(writing => writing.saveApplying({origin, epoch: 1, seq: 1, tries: 1}))
    expect(await memory.import(lines)).toMatchObject({added: 5, stops: []})
    expect(store.applying(origin, 1)).toBeUndefined()
  })

  it('takes thousands in batches, once', async () => {
    const many = await stream(1500)
    expect(await journal.import(many)).toMatchObject({added: 1500, duplicates: 0})
    expect(await journal.import(many)).toMatchObject({added: 0, duplicates: 1500})
  })

  it('writes nothing to quarantine when nothing is wrong', async () => {
    await journal.import(lines)
    expect(existsSync(join(home, 'quarantine'))).toBe(false)
  })
})

describe('export', () => {
  it('withholds the data of redacted entries, and keeps their hashes', async () => {
    const journal = openMemoryJournal(testKeeper(clock))
    const [said] = await journal.append('0607-a', [note('the name of a customer')])
    await journal.append('0607-a', [{kind: 'entry.redacted', data: {entry: said?.id ?? '', why: 'a name'}}])
    const lines = await collect(journal.export({redacted: true}))
    expect(lines.join()).not.toContain('customer')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({hash: said?.hash, data: null, withheld: true})
    expect((await collect(journal.export())).join()).toContain('customer')
  })

  it('withholds what became known as a secret later', async () => {
    let secret = 'nothing yet'
    const journal = openMemoryJournal({...testKeeper(clock), redact: value => JSON.parse(JSON.stringify(value).replaceAll(secret, '[redacted]')) as unknown})
    await journal.append(null, [note('pass hunter2'), note('fine')])
    secret = 'hunter2'
    const lines = await collect(journal.export())
    expect(lines.join()).not.toContain('hunter2')
    expect(lines[1]).toContain('fine')
  })

  it('gives an incident on its own', async () => {
    const journal = openMemoryJournal(testKeeper(clock))
    for (let i = 0; i < 600; i += 1) await journal.append(i % 2 ? '0607-a' : '0607-b', [note(`${i}`)])
    const lines = await collect(journal.export({incident: '0607-a'}))
    expect(lines.map(line => (JSON.parse(line) as {seq: number}).seq)).toEqual(Array.from({length: 300}, (_, i) => i * 2 + 2))
  })

  it('keeps a stream in the order of its chain, and streams in record order', async () => {
    const journal = openMemoryJournal(testKeeper(clock))
    for (let i = 0; i < 700; i += 1) {
      clock.wall += 10
      await journal.append(null, [note(`${i}`)])
      clock.wall += 1
      if (i === 350) await journal.import(await stream(3))
    }
    const records = (await collect(journal.export())).map(line => JSON.parse(line) as {origin: string; seq: number})
    expect(records).toHaveLength(703)
    expect(records.findIndex(({origin}) => origin !== journal.origin)).toBe(351)
    expect(records.filter(({origin}) => origin === journal.origin).map(({seq}) => seq)).toEqual(Array.from({length: 700}, (_, i) => i + 1))
  })
})

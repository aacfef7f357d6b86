import {describe, expect, it} from '@jest/globals'
import {MemoryStore} from '../../src/journal/memory-store.ts'
import {openMemoryJournal} from '../../src/journal/open-memory-journal.ts'
import type {Scan, Scanned} from '../../src/journal/store.ts'
import {collect, HandClock, note, testKeeper, textsProjection} from './test-keeper.ts'

/** Counts the rows a fold looks at: the work that must not grow with history. */
class CountingStore extends MemoryStore {
  looked = 0

  override *scan(scan: Scan): Generator<Scanned> {
    for (const row of super.scan(scan)) {
      this.looked += 1
      yield row
    }
  }
}

describe('a fold', () => {
  it.each([
    ['that takes all', undefined],
    ['that leaves out what happens most', ['headline.set']],
  ] as const)('%s looks at a few rows however long the history', async (_, kinds) => {
    const store = new CountingStore()
    const journal = openMemoryJournal(testKeeper(new HandClock()), store)
    const projection = textsProjection(undefined, kinds)
    await journal.append('0607-a', [{kind: 'headline.set', data: {text: 'first'}}])
    for (let i = 0; i < 40; i += 1) {
      await journal.append(
        '0607-a',
        Array.from({length: 50}, (_, n) => note(`${i} ${n}`)),
      )
      await journal.fold(projection)
    }
    store.looked = 0
    const texts = await journal.fold(projection)
    expect(texts).toHaveLength(kinds ? 1 : 2001)
    expect(store.looked).toBe(0)
    await journal.append('0607-a', [note('more')])
    await journal.fold(projection)
    expect(store.looked).toBe(1)
  })

  it('inside decide keeps its snapshot with the same commit', async () => {
    const store = new CountingStore()
    const journal = openMemoryJournal(testKeeper(new HandClock()), store)
    for (let i = 0; i < 120; i += 1) await journal.decide(null, [textsProjection()], () => [note(`${i}`)])
    expect(store.snapshot('texts', '')?.cursor[4]).toBeGreaterThan(90)
    store.looked = 0
    expect(await journal.fold(textsProjection())).toHaveLength(120)
    expect(store.looked).toBeLessThan(50)
  })

  it('starts over when our own clock fell behind what the snapshot holds', async () => {
    const clock = new HandClock()
    const store = new MemoryStore()
    const journal = openMemoryJournal(testKeeper(clock), store)
    await journal.append(null, [note('ours')])
    clock.wall += 50_000
    const theirs = openMemoryJournal(testKeeper(clock))
    await theirs.append(
      null,
      Array.from({length: 60}, (_, i) => note(`theirs ${i}`)),
    )
    await journal.import(await collect(theirs.export()))
    await journal.fold(textsProjection())
    expect(store.snapshot('texts', '')).toBeDefined()
    clock.wall -= 3_600_000
    await journal.append(null, [note('ours again')])
    expect((await journal.fold(textsProjection())).slice(0, 3)).toEqual(['ours', 'ours again', 'theirs 0'])
  })

  it('keeps no snapshot that another process has overtaken', async () => {
    /** Another process commits between the fold and its snapshot. */
    class Overtaken extends MemoryStore {
      overtake: (() => void) | undefined

      override tryWrite(work: Parameters<MemoryStore['tryWrite']>[0]): void {
        this.overtake?.()
        super.tryWrite(work)
      }
    }
    const store = new Overtaken()
    const clock = new HandClock()
    const journal = openMemoryJournal(testKeeper(clock), store)
    await journal.append(
      null,
      Array.from({length: 60}, (_, i) => note(`${i}`)),
    )
    const [sample] = [...store.stream(journal.origin, 1, 1)]
    if (!sample) throw new Error('no row')
    const early = {...sample, id: 'early', origin: 'other', hlc: [1, 0] as const, record: sample.record.replace('"0"', '"early"')}
    store.overtake = () => {
      store.overtake = undefined
      store.write(writing => writing.insert(early))
    }
    await journal.fold(textsProjection())
    expect((await journal.fold(textsProjection()))[0]).toBe('early')
  })

  it('reads past a snapshot that was damaged', async () => {
    const store = new MemoryStore()
    const journal = openMemoryJournal(testKeeper(new HandClock()), store)
    for (let i = 0; i < 60; i += 1) await journal.append(null, [note(`${i}`)])
    const whole = await journal.fold(textsProjection())
    const snapshot = store.snapshot('texts', '')
    if (!snapshot) throw new Error('no snapshot')
    for (const state of ['{', snapshot.state.replace('"7"', '"x"'), '']) {
      store.write(writing => writing.saveSnapshot({...snapshot, state}))
      expect(await journal.fold(textsProjection())).toEqual(whole)
    }
    const [ms, ...rest] = snapshot.cursor
    store.write(writing => writing.saveSnapshot({...snapshot, cursor: [ms + 1, ...rest]}))
    expect(await journal.fold(textsProjection())).toEqual(whole)
  })
})

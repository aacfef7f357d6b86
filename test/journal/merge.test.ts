import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {chained, hashOf} from '../../src/journal/chain.ts'
import {jsonDepth} from '../../src/journal/json-depth.ts'
import {MemoryStore} from '../../src/journal/memory-store.ts'
import {openMemoryJournal} from '../../src/journal/open-memory-journal.ts'
import {canonicalJson} from '../../src/lib/canonical.ts'
import {collect, HandClock, note, opened, testKeeper, textsProjection} from './test-keeper.ts'

/** Three machines whose clocks differ, and what each exported. */
async function histories(): Promise<string[][]> {
  const all: string[][] = []
  for (const [who, skew] of [
    ['ada', 0],
    ['bo', -40],
    ['cy', 35],
  ] as const) {
    const clock = new HandClock(Date.parse('2012-06-07T15:00:00.000Z') + skew)
    const journal = openMemoryJournal(testKeeper(clock, who))
    for (let i = 0; i < 12; i += 1) {
      clock.wall += (i * 7) % 20
      await journal.append(`0607-${i % 2 ? 'a' : 'b'}`, [i === 0 ? opened(`of ${who}`) : note(`${who} ${i}`)])
    }
    all.push(await collect(journal.export()))
  }
  return all
}

describe('a set of records', () => {
  it('gives one order and one fold, however it is split, reordered and repeated', async () => {
    const lines = (await histories()).flat()
    const clock = new HandClock(Date.parse('2012-06-07T16:00:00.000Z'))
    const whole = openMemoryJournal(testKeeper(clock))
    await whole.import(lines)
    const expected = await collect(whole.export())
    const board = await whole.fold(textsProjection())
    expect(expected).toHaveLength(lines.length)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat({max: lines.length - 1}), {maxLength: 60}), {maxLength: 6}),
        fc.shuffledSubarray(lines, {minLength: lines.length}),
        fc.boolean(),
        async (parts, shuffled, foldsBetween) => {
          const journal = openMemoryJournal(testKeeper(clock))
          for (const part of parts) {
            await journal.import(part.map(index => lines[index] ?? ''))
            if (foldsBetween) await journal.fold(textsProjection())
          }
          // Gaps are asked for again until there are none: at most once for each record.
          for (let rounds = 0; rounds <= lines.length; rounds += 1) if ((await journal.import(shuffled)).gaps.length === 0) break
          expect(await collect(journal.export())).toEqual(expected)
          expect(await journal.fold(textsProjection())).toEqual(board)
          expect((await journal.verify()).ok).toBe(true)
        },
      ),
      {numRuns: 60},
    )
  })

  it('folds the same from a snapshot and the rest, wherever a record comes in between', async () => {
    const [ours = [], theirs = []] = await histories()
    const clock = new HandClock(Date.parse('2012-06-07T16:00:00.000Z'))
    for (let at = 0; at < ours.length; at += 1) {
      const store = new MemoryStore()
      const journal = openMemoryJournal(testKeeper(clock), store)
      await journal.import(ours)
      for (let i = 0; i < 60; i += 1) await journal.append('0607-a', [note(`${i}`)])
      await journal.fold(textsProjection())
      await journal.fold(textsProjection('0607-a'))
      expect(store.snapshot('texts', '')).toBeDefined()
      await journal.import(theirs.slice(0, at + 1))
      const fresh = await journal.fold({...textsProjection(), name: 'fresh', version: at})
      expect(await journal.fold(textsProjection())).toEqual(fresh)
      const freshOfOne = await journal.fold({...textsProjection('0607-a'), name: 'fresh', version: at})
      expect(await journal.fold(textsProjection('0607-a'))).toEqual(freshOfOne)
    }
  })
})

describe('a record', () => {
  const link = {origin: 'abc', epoch: 1, seq: 1, prev: '0'.repeat(64)}
  const event = {id: 'x', incident: null, hlc: [1, 0] as const, at: 'a', recorded: 'b', actor: {name: 'ada', kind: 'person'} as const, kind: 'note.added'}

  it('has one text and one hash, whoever writes it again', () => {
    fc.assert(
      fc.property(fc.jsonValue({maxDepth: 4}), fc.boolean(), fc.option(fc.integer({min: 0}), {nil: undefined}), (data, approx, precisionMs) => {
        fc.pre(JSON.stringify(data).isWellFormed())
        const {text, hash} = chained({...event, data, ...(approx && {approx}), ...(precisionMs !== undefined && {precisionMs, basis: 'stated' as const})}, link)
        const again = JSON.parse(text) as Record<string, unknown>
        const reversed = Object.fromEntries(Object.entries(again).reverse())
        expect(canonicalJson(again)).toBe(text)
        expect(canonicalJson(reversed)).toBe(text)
        expect(hashOf(reversed)).toBe(hash)
      }),
    )
  })

  it('is as deep as JSON.parse finds it', () => {
    const depthOf = (value: unknown): number => (typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0)
    fc.assert(fc.property(fc.jsonValue({maxDepth: 8}), value => jsonDepth(JSON.stringify(value), 100) === depthOf(value)))
  })
})

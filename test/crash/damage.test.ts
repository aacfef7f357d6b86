import {copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import type {Journal} from '../../src/journal/journal.ts'
import {openJournal} from '../../src/journal/open-journal.ts'
import {recoverJournal} from '../../src/journal/recover-journal.ts'
import {HandClock, note, scratch, testKeeper, textsOf, textsProjection} from '../journal/test-keeper.ts'

const DAMAGES = 120

/** Reproducible: a failure names the seed. */
function makeRandom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

async function looksAt(journal: Journal): Promise<{readonly texts: readonly string[]; readonly folded: readonly string[]; readonly isSound: boolean}> {
  const texts = textsOf(await journal.events({incident: '0607-a'}))
  const folded = await journal.fold(textsProjection('0607-a'))
  const {ok} = await journal.verify()
  return {texts, folded, isSound: ok && !journal.trouble().some(({code}) => code === 'corrupt')}
}

describe('a journal with random damage', () => {
  it(`is found damaged, or reads as it was; recovery keeps a beginning (${DAMAGES} damages)`, async () => {
    const source = scratch()
    const clock = new HandClock(Date.now())
    const whole = await openJournal({...testKeeper(clock), home: source, emergencyFolders: []})
    const expected = Array.from({length: 150}, (_, i) => `${i} ${'.'.repeat(i % 90)}`)
    for (let i = 0; i < 150; i += 50)
      await whole.append(
        '0607-a',
        expected.slice(i, i + 50).map(text => note(text)),
      )
    await whole.fold(textsProjection('0607-a'))
    await whole.close()
    const bytes = readFileSync(join(source, 'journal.db'))
    let found = 0
    for (let seed = 1; seed <= DAMAGES; seed += 1) {
      const random = makeRandom(seed * 7919)
      const home = join(source, `damage-${seed}`)
      mkdirSync(home, {mode: 0o700})
      const file = join(home, 'journal.db')
      if (seed % 10 === 0) {
        copyFileSync(join(source, 'journal.db'), file)
        truncateSync(file, random(bytes.length))
      } else {
        const damaged = Buffer.from(bytes)
        if (seed % 10 < 7) damaged[random(bytes.length)] = random(256)
        else damaged.fill(0, random(bytes.length - 4096) & ~511, (random(bytes.length) & ~511) % 4096 || 512)
        if (seed % 10 === 9) damaged.copy(damaged, random(bytes.length - 8192), random(bytes.length - 8192), random(bytes.length - 8192) + 512)
        writeFileSync(file, damaged)
      }
      const options = {...testKeeper(clock), home, emergencyFolders: []}
      const opened = await openJournal(options).catch((error: unknown) => error as {code?: unknown})
      if (!('events' in opened)) {
        // Another application's mark in the header: refused in words, never overwritten.
        expect({seed, code: opened.code}).toEqual({seed, code: 'setup.invalid'})
        found += 1
        continue
      }
      const before = await looksAt(opened)
      await opened.close()
      if (before.isSound) {
        expect({seed, ...before}).toEqual({seed, texts: expected, folded: expected, isSound: true})
        continue
      }
      found += 1
      await recoverJournal(options)
      const recovered = await openJournal(options)
      const after = await looksAt(recovered)
      expect({seed, ...after}).toEqual({seed, texts: expected.slice(0, after.texts.length), folded: after.texts, isSound: true})
      await recovered.append('0607-a', [note('goes on')])
      expect((await recovered.verify()).ok).toBe(true)
      await recovered.close()
    }
    expect(found).toBeGreaterThan(DAMAGES / 4)
    process.stdout.write(`damage: ${found} of ${DAMAGES} found, the others harmless\n`)
  }, 120_000)
})

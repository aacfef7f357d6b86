import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {SimulatedClock} from '../../../src/lib/simulated-clock.ts'
import {makeLadder} from '../../../src/rods/withdrawal/ladder.ts'
import type {StepEnd} from '../../../src/rods/withdrawal/withdraw-guarded.ts'
import {type Drive, DWELL_MS, drive, EVERY_MS, percent25} from './driving.ts'

/** So long the guard reads so; `undefined`: no answer. Around the thresholds, and mostly good: else nothing ever moves. */
const spell = fc.record({ms: fc.integer({min: 1, max: 60}).map(n => n * 100), reads: fc.constantFrom(0, 0, 0, 10, 11, 40, 41, undefined)})
const release = fc.array(fc.record({ms: fc.integer({min: 1, max: 100}).map(n => n * 100), reads: fc.constantFrom(0, 0, 8, 9, undefined)}), {maxLength: 8})
const stepEnd = fc.constantFrom<StepEnd['verdict']>('effective', 'effective', 'effective', 'effective', 'unverified', 'jammed', 'partial')
const story = fc.record({
  guard: fc.array(spell, {maxLength: 20}),
  release,
  latencyMs: fc.constantFrom(0, 0, 100, 900),
  from: fc.constantFrom('100%', '75%', '33%', '25%'),
  maxStepBacks: fc.integer({min: 0, max: 4}),
  moves: fc.array(fc.record({verdict: stepEnd, agrees: fc.boolean(), ms: fc.constantFrom(0, 700, 6000)}), {maxLength: 12}),
})

interface Spell {
  readonly ms: number
  readonly reads: number | undefined
}

/** What is read at this time; after the story all is well. */
function at(spells: readonly Spell[], ticks: number): number | undefined {
  let end = 0
  for (const {ms, reads} of spells) {
    end += ms
    if (ticks < end) return reads
  }
  return 0
}

interface Entry {
  readonly what: 'guard' | 'release' | 'move' | 'moved'
  readonly at: number
  readonly value: number | string | undefined
}

describe('whatever guard, release_when and moves do', () => {
  it('the rules of a guarded withdrawal hold', async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({guard, release: freed, latencyMs, from, maxStepBacks, moves}) => {
        const clock = new SimulatedClock()
        const log: Entry[] = []
        const reading = (what: 'guard' | 'release', spells: readonly Spell[]) => async () => {
          if (latencyMs > 0) await clock.sleep(latencyMs)
          const value = at(spells, clock.ticks())
          log.push({what, at: clock.ticks(), value})
          return value
        }
        const queue = [...moves]
        const given: Drive = {
          clock,
          from,
          maxStepBacks,
          guard: reading('guard', guard),
          release: {read: reading('release', freed), when: {lte: 8}},
          patienceMs: 400_000,
          async move(to, cutShort) {
            const {verdict, agrees, ms} = queue.shift() ?? {verdict: 'effective', agrees: true, ms: 0}
            log.push({what: 'move', at: clock.ticks(), value: to})
            if (ms > 0) await clock.sleep(ms, cutShort).catch(() => undefined)
            log.push({what: 'moved', at: clock.ticks(), value: to})
            return {verdict, readBackAgrees: verdict === 'effective' || agrees}
          },
        }
        const driven = await drive(given)
        const ladder = makeLadder(percent25)
        const isOut = (a: string, b: string) => ladder.isMoreReduced(b, a)

        let position: string = from
        let since = 0
        let failed: string | null = null
        let wentIn = 0
        for (const [i, {what, at: atMs, value}] of log.entries()) {
          if (what === 'moved') since = atMs
          if (what !== 'move') continue
          const to = String(value)
          if (isOut(to, position)) {
            const before = log.slice(0, i)
            const isReturn = failed !== null && position === '100%' && to === ladder.in(failed)
            const looks = before.filter(entry => entry.what === 'guard' && entry.value !== undefined && entry.at >= since)
            const dwelt = isReturn ? looks.slice(-1) : looks.filter(entry => entry.at >= atMs - DWELL_MS - 2 * latencyMs)
            expect(dwelt.length).toBeGreaterThan(0)
            // Good to the last look, and every answer in the dwell.
            expect(looks.at(-1)?.value).toBeLessThanOrEqual(10)
            if (!isReturn) {
              const good = looks.slice(looks.findLastIndex(entry => Number(entry.value) > 10) + 1)
              expect(atMs - (good[0]?.at ?? atMs)).toBeGreaterThanOrEqual(DWELL_MS)
              const gaps = good.slice(1).map((entry, n) => entry.at - (good[n]?.at ?? 0))
              const covered = good.slice(gaps.findLastIndex(gap => gap > 3 * EVERY_MS + latencyMs) + 1)
              expect(atMs - (covered[0]?.at ?? atMs)).toBeGreaterThanOrEqual(DWELL_MS - latencyMs)
            }
            if (to === 'withdrawn') {
              const freedBefore = before.filter(entry => entry.what === 'release' && entry.at >= atMs - DWELL_MS && entry.value !== undefined)
              expect(freedBefore.length).toBeGreaterThan(1)
              expect(freedBefore.every(entry => Number(entry.value) <= 8)).toBe(true)
            }
            if (isReturn) failed = null
          } else {
            // In is always fully in, and only because a guard said back.
            expect(to).toBe('100%')
            const lastAnswer = log.slice(0, i).findLast(entry => entry.what === 'guard' && entry.value !== undefined)
            const isRepeat = position === '100%' || log.slice(0, i).findLast(entry => entry.what === 'move')?.value === '100%'
            if (!isRepeat) {
              expect(lastAnswer?.value).toBeGreaterThan(40)
              wentIn += 1
            }
          }
          if (to === '100%' && position !== '100%') failed = position
          position = to
        }
        const {end} = driven
        expect(wentIn).toBeLessThanOrEqual(maxStepBacks + 1)
        if (end === 'interrupted') return
        expect(end.stepBacks).toBeLessThanOrEqual(maxStepBacks)
        if (end.end === 'held') expect(end).toMatchObject({position: '100%', stepBacks: maxStepBacks})
        if (end.end === 'withdrawn') expect(log.findLast(({what}) => what === 'move')?.value).toBe('withdrawn')
      }),
      {numRuns: 150},
    )
  })

  it('cut off after any move and called again, it ends where it would have ended', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({min: 1, max: 30}),
        fc.integer({min: 0, max: 12}),
        fc.constantFrom('withdrawn', '25%', '40%'),
        async (badForMs, cutAfter, to) => {
          const world = {position: '100%', moves: 0}
          const run = async (from: string, mostMoves: number) => {
            const clock = new SimulatedClock()
            // The system does not bear 50 % at first; later it bears everything.
            const guard = () => (clock.ticks() < badForMs * 500 && !['100%', '75%'].includes(world.position) ? 50 : 0)
            return drive({
              clock,
              from,
              to,
              maxStepBacks: 99,
              guard,
              move(next) {
                world.position = next
                world.moves += 1
                if (world.moves > mostMoves) throw new Error('killed')
                return {verdict: 'effective', readBackAgrees: true}
              },
            }).catch(() => null)
          }
          const whole = await run('100%', 1000)
          Object.assign(world, {position: '100%', moves: 0})
          const cut = await run('100%', cutAfter)
          const again = cut ?? (await run(world.position, 1000))
          expect(again?.end).toMatchObject({end: to === 'withdrawn' ? 'withdrawn' : 'stopped-at'})
          expect(again?.position).toBe(whole?.position)
        },
      ),
      {numRuns: 60},
    )
  })
})

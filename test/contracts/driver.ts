import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {systemClock} from '../../src/lib/clock.ts'
import {Fault} from '../../src/lib/fault.ts'
import {carryOut} from '../../src/rods/carry-out.ts'
import {observe} from '../../src/rods/observe.ts'
import {positionForm} from '../../src/rods/position.ts'
import type {Driver} from '../../src/rods/rod.ts'
import {testRod} from '../rods/test-rod.ts'

/** What may be wrong with the system a driver talks to. */
export type Condition =
  | 'well'
  | 'down' // nothing can be sent
  | 'silent' // takes the call, says nothing
  | 'dripping' // answers a byte at a time, for ever
  | 'reset' // hangs up at once
  | 'reply-lost' // moves, and the answer gets lost
  | 'lying' // acknowledges, changes nothing
  | 'unintelligible' // answers with a login page
  | 'bad-credential'
  | 'no-such-target'
  | 'restarted'

/** A driver with its real system, seen from the outside. */
export interface Bench {
  readonly driver: Driver
  /** Named, `withdrawn` first. */
  readonly positions: readonly string[]
  /** The credential in use: it must appear in no output. */
  readonly secret: string
  /** How long a call may take that goes well, where a few hundred milliseconds are too short: it asks first, over ssh. */
  readonly patienceMs?: number
  /** What the test's own traffic meets, not what the control side says. */
  effect(): Promise<string>
  /** Calls that reached the system and might have changed something. */
  writes(): Promise<number>
  become(condition: Condition): Promise<void>
  /** Someone else moves it. */
  moveBehind(to: string): Promise<void>
  /** The same rod on several targets, one of them down; absent where a driver has one target. Ends with `close`. */
  several?(): Promise<Several>
  /** Rejects when a connection or a process of the driver is still there. */
  close(): Promise<void>
}

export interface Several {
  readonly driver: Driver
  readonly down: string
  effect(target: string): Promise<string>
}

const HOSTILE: readonly [name: string, text: string][] = [
  ['newline', 'in\nserted'],
  ['carriage return', 'in\rserted'],
  ['NUL', 'in\0serted'],
  ['semicolon', 'inserted; withdrawn'],
  ['blank', 'in serted'],
  ['double quote', '"inserted"'],
  ['single quote', "'inserted'"],
  ['substitution', '$(touch pwned)'],
  ['option', '--help'],
  ['placeholder', '{position}'],
  ['10 kB', 'x'.repeat(10_000)],
]
const NUMBERS = ['-1%', '101%', '12.5%', 'NaN', '-1/s', 'sideways', '']
/** Where shares or rates are positions, what only looks like one: 0 % and no limit are written `withdrawn`. */
const NEARLY_NUMBERS = ['0%', '025%', '25', '+25%', '1e1%', '25%%', '٢٥%', '1e1/s', '10', '+10/s', '010/s', 'Infinity/s', 'none']

/**
 * The promises of `Driver`, asked of a real system. A driver's whole test is one call plus its own traps. `cannot`: the
 * conditions this kind of system cannot be in; their cases are shown as skipped.
 */
export function driverContract(name: string, setUp: () => Promise<Bench>, cannot: readonly Condition[] = []): void {
  const where = (...needed: readonly Condition[]) => (needed.some(condition => cannot.includes(condition)) ? it.skip : it)
  describe(`the ${name} driver keeps the port's promises`, () => {
    let bench: Bench
    beforeEach(async () => {
      bench = await setUp()
    })
    afterEach(() => bench.close())

    const forever = () => new AbortController().signal
    const set = (to: string, more: {expect?: string; signal?: AbortSignal; why?: string; ttlMs?: number} = {}) =>
      bench.driver.set(to, {target: first(bench.driver.targets), signal: forever(), why: 'contract suite', fence: 1, ...more})
    const read = (signal = forever()) => bench.driver.read({target: first(bench.driver.targets), signal})
    const fullyIn = () => first(bench.positions.slice(-1))

    it('1: what is set is what it reads and what traffic meets, there and back', async () => {
      expect((await read()).position).toBe('withdrawn')
      const said: string[] = []
      for (const position of [...bench.positions, 'withdrawn']) {
        said.push(await set(position))
        const seen = await read()
        said.push(seen.evidence, seen.version ?? '')
        expect(seen.position).toBe(position)
        expect(await bench.effect()).toBe(position)
      }
      expect(said.every(line => typeof line === 'string')).toBe(true)
      expect(said.join('\n')).not.toContain(bench.secret)
    })

    it('2: twice is once', async () => {
      await set(fullyIn())
      await set(fullyIn())
      expect((await read()).position).toBe(fullyIn())
    })

    it('3: two at once leave one of the two, and read says which', async () => {
      const {version} = await read()
      const expected = version === undefined ? {} : {expect: version}
      const ends = await Promise.allSettled([set(fullyIn(), expected), set('withdrawn', expected)])
      if (bench.driver.can.cas) expect(ends.map(codeOf).sort()).toEqual(['done', 'rod.moved'])
      expect((await read()).position).toBe(await bench.effect())
    })

    it('4: a writer that comes late does not overwrite, where the target compares', async () => {
      const {version} = await read()
      await bench.moveBehind(fullyIn())
      if (!bench.driver.can.cas || version === undefined) return
      expect(await faultOf(set('withdrawn', {expect: version}))).toBe('rod.moved')
      expect(await bench.effect()).toBe(fullyIn())
    })

    where('no-such-target')('5: an unknown target is a refusal, and nothing is created', async () => {
      await bench.become('no-such-target')
      expect(await faultOf(set(fullyIn()))).toBe('rod.refused')
      await bench.become('well')
      expect(await bench.effect()).toBe('withdrawn')
    })

    where('bad-credential')('6: a bad credential is a refusal, and the credential appears nowhere', async () => {
      await bench.become('bad-credential')
      const error = await set(fullyIn()).then(
        () => null,
        (thrown: unknown) => thrown,
      )
      expect(error).toBeInstanceOf(Fault)
      expect((error as Fault).code).toBe('rod.refused')
      const said = [(error as Fault).message, ...(error as Fault).hints, (await read()).evidence, ...bench.driver.plan(fullyIn())].join('\n')
      expect(said).not.toContain(bench.secret)
    })

    where('reply-lost')('7: an answer lost after the call took effect is unanswered, read shows it, repeating is harmless', async () => {
      const before = await bench.writes()
      await bench.become('reply-lost')
      expect(await faultOf(set(fullyIn(), {signal: AbortSignal.timeout(bench.patienceMs ?? 1500)}))).toBe('rod.unanswered')
      // Repeating is for whoever reads first: a driver that does it by itself hides that nobody knows.
      expect((await bench.writes()) - before).toBe(1)
      await bench.become('well')
      expect((await read()).position).toBe(fullyIn())
      await set(fullyIn())
      expect((await read()).position).toBe(fullyIn())
    })

    where('down')('8: a system that is down is unreachable, and reads unknown, never withdrawn', async () => {
      await bench.become('down')
      expect(await faultOf(set(fullyIn()))).toBe('rod.unreachable')
      expect((await read()).position).toBe('unknown')
    })

    for (const condition of ['silent', 'dripping', 'reset'] as const) {
      where(condition)(`9: a ${condition} system ends with the signal, and nothing stays open`, async () => {
        await bench.become(condition)
        expect(await faultOf(set(fullyIn(), {signal: AbortSignal.timeout(bench.patienceMs ?? 300)}))).toBe('rod.unanswered')
        expect((await read(AbortSignal.timeout(300))).position).toBe('unknown')
      })
    }

    where('silent')('9: Ctrl-C in mid-call passes through as an abort', async () => {
      await bench.become('silent')
      const ctrlC = new AbortController()
      setTimeout(() => ctrlC.abort(), 100)
      await expect(set(fullyIn(), {signal: ctrlC.signal})).rejects.toMatchObject({name: 'AbortError'})
    })

    it('10: aborted beforehand, nothing is sent', async () => {
      const before = await bench.writes()
      await expect(set(fullyIn(), {signal: AbortSignal.abort()})).rejects.toMatchObject({name: 'AbortError'})
      expect(await bench.writes()).toBe(before)
    })

    where('restarted')('11: after a restart it reads what is, not what was', async () => {
      await set(fullyIn())
      await bench.become('restarted')
      const {position} = await read()
      expect(position).toBe(await bench.effect())
      expect(position === fullyIn()).toBe(bench.driver.can.survivesRestart)
    })

    it('12: a move behind our back is read, with another version where there is one', async () => {
      const before = await read()
      await bench.moveBehind(fullyIn())
      const after = await read()
      expect(after.position).toBe(fullyIn())
      if (before.version !== undefined) expect(after.version).not.toBe(before.version)
    })

    it.each(HOSTILE)('13: a position with a hostile %s is refused before anything is sent', async (_, position) => {
      const before = await bench.writes()
      expect(await faultOf(set(position))).toBe('rod.refused')
      expect(await bench.writes()).toBe(before)
    })

    it.each(HOSTILE)('13: a reason with a hostile %s changes nothing but the reason', async (_, why) => {
      await set(fullyIn(), {why})
      expect(await bench.effect()).toBe(fullyIn())
    })

    it.each(NUMBERS)('14: %j is no position here, and nothing is sent', async position => {
      const before = await bench.writes()
      expect(await faultOf(set(position))).toBe('rod.refused')
      expect(await bench.writes()).toBe(before)
    })

    it('14: shares and rates are taken as they are written, and whole shares between the listed ones too', async () => {
      const form = positionForm(bench.positions)
      if (form === 'named') return
      expect(bench.driver.can[form]).toBe(true)
      const before = await bench.writes()
      for (const position of NEARLY_NUMBERS) expect([position, await faultOf(set(position))]).toEqual([position, 'rod.refused'])
      expect(await bench.writes()).toBe(before)
      if (form === 'rate') return
      await set('37%')
      expect((await read()).position).toBe('37%')
    })

    it('15: a plan does nothing and shows no secret', async () => {
      const before = await bench.writes()
      const plans = bench.positions.map(position => bench.driver.plan(position).join('\n'))
      expect(new Set(plans).size).toBe(bench.positions.length)
      expect(plans.join('\n')).not.toContain(bench.secret)
      expect(await bench.writes()).toBe(before)
    })

    where('lying')('16: a control side that lies is unverified', async () => {
      await bench.become('lying')
      await set(fullyIn())
      expect((await read()).position).not.toBe(fullyIn())
      const look = async () => ({position: await bench.effect(), fits: [await bench.effect()], evidence: 'own traffic'})
      // Long enough to reach a real server on a busy machine: a call cut off before it connects is jammed, and no lie.
      const rod = testRod({
        driver: bench.driver,
        positions: bench.positions,
        probes: [{name: 'own traffic', reaches: [], maskedBy: [], look}],
        timeoutMs: bench.patienceMs ?? 1000,
      })
      const before = await observe(rod, forever(), systemClock)
      const {kind} = await carryOut(rod, before, {to: fullyIn(), why: 'contract suite', fence: 1}, {clock: systemClock, signal: forever()})
      expect(kind).toBe('rod.unverified')
    })

    it('17: of several targets the one that is down says so, the others move, and nobody calls that inserted', async () => {
      const several = await bench.several?.()
      if (!several) return
      const {driver, down, effect} = several
      const living = driver.targets.filter(target => target !== down)
      const look = async () => ({position: await effect(first(living)), fits: [await effect(first(living))], evidence: 'own traffic'})
      const rod = testRod({driver, positions: bench.positions, probes: [{name: 'own traffic', reaches: [], maskedBy: [], look}], timeoutMs: 10_000})
      const before = await observe(rod, forever(), systemClock)
      const {kind, data} = await carryOut(rod, before, {to: fullyIn(), why: 'contract suite', fence: 1}, {clock: systemClock, signal: forever()})
      expect(kind).toBe('rod.unverified')
      expect(data.targets.map(({target, acknowledged, readBack, error}) => [target, acknowledged !== undefined, readBack?.position, error?.code])).toEqual(
        driver.targets.map(target => (target === down ? [target, false, 'unknown', 'rod.unreachable'] : [target, true, fullyIn(), undefined])),
      )
      for (const target of living) expect(await effect(target)).toBe(fullyIn())
    })

    it('18: a position with a time to live ends by itself, where the target has one', async () => {
      if (!bench.driver.can.ttl) return
      await set(fullyIn(), {ttlMs: 3000})
      expect((await read()).position).toBe(fullyIn())
      const until = systemClock.ticks() + 20_000
      while ((await read()).position !== 'withdrawn' && systemClock.ticks() < until) await systemClock.sleep(100)
      expect((await read()).position).toBe('withdrawn')
      expect(await bench.effect()).toBe('withdrawn')
    })

    where('unintelligible')('19: an answer nobody understands is unknown, never a guess', async () => {
      await bench.become('unintelligible')
      expect(await faultOf(set(fullyIn()))).toBe('rod.unanswered')
      expect((await read()).position).toBe('unknown')
    })
  })
}

function first<T>(list: readonly T[]): T {
  const [one] = list
  if (one === undefined) throw new Error('an empty list in the test itself')
  return one
}

const codeOf = (end: PromiseSettledResult<unknown>) =>
  end.status === 'fulfilled' ? 'done' : end.reason instanceof Fault ? end.reason.code : String(end.reason)

/** The code of the Fault a call ends with; anything else (success, too) is shown as it is, and fails the comparison. */
async function faultOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'done',
    (error: unknown) => (error instanceof Fault ? error.code : String(error)),
  )
}

import type {Recorded} from '../../incident/events.ts'
import type {Json} from '../../lib/canonical.ts'
import {parseDuration} from '../../lib/durations.ts'
import {instanceOf, UNDO} from '../identity.ts'
import type {ActionCall, JsonMap} from '../ports.ts'
import {TestGap} from './gap.ts'
import {bestMatch} from './pattern.ts'
import type {RodMove} from './rehearsal.ts'
import type {Fake, RawCase} from './test-schema.ts'

/** One effect that reached the world. */
export interface Reached {
  readonly key: string
  readonly instance: string
  readonly sent: Json
}

/** What a call comes to, once `afterMs` have passed. */
export interface Fate {
  readonly afterMs: number
  readonly failure: {readonly code: string; readonly message: string; readonly retryable: boolean} | null
  readonly outputs: JsonMap
}

/**
 * The world of one case. It outlives the processes of the run, as the real one does: what reached it stays, and a call
 * of which the record never heard the end is answered the same when it comes again.
 */
export class FakeWorld {
  readonly reached: Reached[] = []
  readonly used = new Set<string>()
  readonly #world: RawCase['world']
  /** Instances whose effect is there now, with what they answered. */
  readonly #holding = new Map<string, JsonMap>()
  readonly #rods = new Map<string, string>()
  readonly #looks = new Map<string, number>()

  constructor(world: RawCase['world'], rods: readonly RodMove[] = []) {
    this.#world = world
    for (const {rod, to} of rods) this.#rods.set(rod, to)
  }

  /** What an attempt comes to: the fake's entries in turn, one for each end that is on record. @throws TestGap */
  async fateOf(instance: string, uses: string, events: () => Promise<readonly Recorded[]>): Promise<Fate> {
    const step = instanceOf(instance).instance
    const fakes = this.#fakesFor(step)
    const [only, another] = fakes ?? []
    if (only && !another) return fateFrom(only, uses) // the record is read where it matters: it is most of a test's time
    if (fakes) return fateFrom(fakes[Math.min(endsOf(await events(), step), fakes.length - 1)], uses)
    if (uses.startsWith('rod/') || uses === 'trip') return {afterMs: 0, failure: null, outputs: {}}
    throw new TestGap(`${step} (${uses}) has no fake: add \`world: { ${quoted(step)}: { outputs: … } }\``)
  }

  /** One look of a `wait_until`; each takes the next sample. @throws TestGap */
  lookOf(instance: string, uses: string): Fate {
    const step = instanceOf(instance).instance
    const fakes = this.#fakesFor(step)
    if (!fakes) throw new TestGap(`${step} (${uses}) has no fake: add \`world: { ${quoted(step)}: { samples: [ … ] } }\``)
    const looks = fakes.flatMap(fake => (fake.samples ? fake.samples.map(outputs => ({...fake, outputs})) : [fake]))
    return fateFrom(looks[Math.min(this.#count(step), looks.length - 1)], uses)
  }

  /** One look of a step's own `verify`: before its effect is there the answer holds nothing, so it cannot be yes. @throws TestGap */
  verifyOf(instance: string, uses: string): Fate {
    const step = instanceOf(instance).instance
    const fakes = this.#fakesFor(`${step}/verify`)
    if (!fakes) throw new TestGap(`${step}/verify (${uses}) has no fake: add \`world: { ${quoted(`${step}/verify`)}: { outputs: … } }\``)
    const fate = fateFrom(fakes[Math.min(this.#count(instance), fakes.length - 1)], uses)
    return this.holds(step) ? fate : {...fate, outputs: {}}
  }

  /** An effect took place. */
  reach({key, instance, with: sent}: Pick<ActionCall, 'key' | 'instance' | 'with'>, outputs: JsonMap, moves: readonly RodMove[]): void {
    const step = instanceOf(instance).instance
    this.reached.push({key, instance: step, sent})
    this.#holding.set(step, outputs)
    this.#holding.delete(step.endsWith(UNDO) ? step.slice(0, -UNDO.length) : step + UNDO)
    for (const {rod, to} of moves) this.#rods.set(rod, to)
  }

  holds(step: string): boolean {
    return this.#holding.has(step)
  }

  /** What a truthful person says came out. */
  outputsOf(step: string): JsonMap {
    return this.#holding.get(step) ?? {}
  }

  /** Null: nobody moved it. */
  rod(id: string): string | null {
    return this.#rods.get(id) ?? null
  }

  #fakesFor(instance: string): readonly Fake[] | null {
    const pattern = bestMatch(Object.keys(this.#world), instance)
    if (pattern === null) return null
    this.used.add(pattern)
    return this.#world[pattern] ?? null
  }

  #count(what: string): number {
    const before = this.#looks.get(what) ?? 0
    this.#looks.set(what, before + 1)
    return before
  }
}

/** Attempts whose end is on record. */
function endsOf(events: readonly Recorded[], step: string): number {
  return events.filter(event => {
    const isEnd = event.kind === 'step.finished' || event.kind === 'step.failed' || (event.kind === 'step.unknown' && event.data.reason !== 'died')
    return isEnd && instanceOf(event.data.step).instance === step
  }).length
}

function fateFrom(fake: Fake | undefined, uses: string): Fate {
  const {after, fail, outputs = {}} = fake ?? {}
  return {afterMs: after === undefined ? 0 : parseDuration(after), failure: fail === undefined ? null : failureOf(fail, uses), outputs: outputs as JsonMap}
}

/** Rods fail for good, but for one that cannot be reached; whatever else fails may be tried again. */
function failureOf(fail: NonNullable<Fake['fail']>, uses: string): Fate['failure'] {
  const {code, message = `${uses} failed: the test says so`, retryable} = typeof fail === 'string' ? {code: fail} : fail
  return {code, message, retryable: retryable ?? (!code.startsWith('rod.') || code === 'rod.unreachable')}
}

function quoted(step: string): string {
  return /[[\]*]/.test(step) ? `"${step}"` : step
}

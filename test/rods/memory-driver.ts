import {Fault} from '../../src/lib/fault.ts'
import {isPosition} from '../../src/rods/position.ts'
import type {Capabilities, Driver} from '../../src/rods/rod.ts'
import type {Bench, Condition} from '../contracts/driver.ts'

/** A control side in memory: one position and one version per target, and a mood. Held to the suite of all drivers. */
export interface MemoryWorld {
  readonly position: Map<string, string>
  readonly version: Map<string, number>
  /** Of one target, or of all of them ('*'). */
  readonly mood: Map<string, Condition>
  writes: number
}

const can: Capabilities = {named: true, percent: false, rate: false, cas: true, ttl: false, survivesRestart: true}

export function memoryWorld(targets: readonly string[] = ['']): MemoryWorld {
  return {position: new Map(targets.map(t => [t, 'withdrawn'])), version: new Map(targets.map(t => [t, 1])), mood: new Map(), writes: 0}
}

export function memoryDriver(world: MemoryWorld, positions: readonly string[]): Driver {
  const moodOf = (target: string) => world.mood.get(target) ?? world.mood.get('*') ?? 'well'
  const version = (target: string) => String(world.version.get(target))
  return {
    targets: [...world.position.keys()],
    can,
    reaches: [],
    plan: to => [`remember ${to} with the token env:MEMORY_TOKEN`],
    async set(to, {target, signal, expect}) {
      signal.throwIfAborted()
      if (!isPosition(to, positions)) throw new Fault('rod.refused', 'there is no such position')
      const mood = moodOf(target)
      if (mood === 'down') throw new Fault('rod.unreachable', 'memory is down')
      if (mood === 'bad-credential' || mood === 'no-such-target') throw new Fault('rod.refused', 'memory refuses')
      if (mood === 'silent' || mood === 'dripping' || mood === 'reset') return silence(signal)
      world.writes++
      if (mood === 'lying') return 'noted'
      if (expect !== undefined && expect !== version(target)) throw new Fault('rod.moved', `memory is at version ${version(target)}, not ${expect}`)
      world.position.set(target, to)
      world.version.set(target, Number(version(target)) + 1)
      if (mood === 'reply-lost' || mood === 'unintelligible') throw new Fault('rod.unanswered', 'memory forgot to answer')
      return 'noted'
    },
    async read({target, signal}) {
      signal.throwIfAborted()
      const mood = moodOf(target)
      if (mood === 'silent') await silence(signal).catch(() => undefined)
      if (mood !== 'well' && mood !== 'lying' && mood !== 'restarted') return {position: 'unknown', evidence: `memory is ${mood}`}
      const position = world.position.get(target) ?? 'unknown'
      return {position, version: version(target), evidence: `memory says ${position}`}
    },
  }
}

function silence(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      const late = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError'
      reject(late ? new Fault('rod.unanswered', 'memory said nothing') : signal.reason)
    })
  })
}

export function memoryBench(positions: readonly string[] = ['withdrawn', 'drain', 'inserted']): Bench {
  const world = memoryWorld()
  return {
    driver: memoryDriver(world, positions),
    positions,
    secret: 'canary-in-memory',
    effect: async () => world.position.get('') ?? 'unknown',
    writes: async () => world.writes,
    async become(condition) {
      world.mood.set('*', condition)
    },
    async moveBehind(to) {
      world.position.set('', to)
      world.version.set('', (world.version.get('') ?? 0) + 1)
    },
    async several() {
      const several = memoryWorld(['one', 'two', 'three'])
      several.mood.set('two', 'down')
      return {driver: memoryDriver(several, positions), down: 'two', effect: async target => several.position.get(target) ?? 'unknown'}
    },
    close: async () => {},
  }
}

import type {Actor, Draft, Recorded} from '../../src/incident/events.ts'
import type {Json} from '../../src/lib/canonical.ts'
import {iso} from '../../src/lib/clock.ts'
import {SimulatedClock} from '../../src/lib/simulated-clock.ts'
import {foldRun} from '../../src/runbook/fold.ts'
import {instanceOf, UNDO} from '../../src/runbook/identity.ts'
import type {ActionRow, ActionTable, Answer, Facts, JsonMap, OutputType, Performed, Question, Ran, RunNews, RunPorts} from '../../src/runbook/ports.ts'

/** Thrown where a process would have died, and by whatever it would have done afterwards. Not a Fault, not an abort: nothing may swallow it. */
export class Killed extends Error {}

export interface Call {
  readonly uses: string
  readonly key: string
  readonly instance: string
  readonly given: Json
}

type Fake = (call: Call, world: World) => Performed | Promise<Performed>
type FakeCommand = (call: Call & {readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>>}, signal: AbortSignal) => Ran | Promise<Ran>
type Responder = (question: Question) => Answer | Promise<Answer>

const row = (
  id: string,
  effect: ActionRow['effect'],
  resume: ActionRow['resume'],
  outputs: Record<string, OutputType>,
  needs: readonly string[] = [],
): ActionRow => ({
  id,
  effect,
  resume,
  outputs,
  check: given => Promise.resolve(needs.filter(key => given[key] === undefined).map(key => ({path: [], message: `wants \`${key}\``}))),
  describe: given => `${id} ${JSON.stringify(given)}`,
})

const PROBE = {ok: 'bool', samples: 'int', failed: 'int', error_rate: 'double', p95_ms: 'double', status: 'int'} as const

/** The rows a runbook of the tests may use, shaped like the real ones. */
export const ROWS: readonly ActionRow[] = [
  row('open', 'record', 'safe', {incident: 'string'}, ['title']),
  row('update', 'record', 'safe', {number: 'int'}, ['text']),
  row('note', 'record', 'safe', {}, ['text']),
  row('mark', 'record', 'safe', {}, ['milestone']),
  row('resolve', 'record', 'safe', {}),
  row('severity', 'record', 'safe', {}, ['severity']),
  row('rod/insert', 'idempotent', 'verify', {position: 'string'}, ['rod', 'why']),
  row('rod/withdraw', 'idempotent', 'verify', {position: 'string'}, ['rod']),
  row('rod/list', 'none', 'safe', {inserted: 'list'}),
  row('probe/http', 'none', 'safe', PROBE, ['url']),
  row('probe/command', 'none', 'safe', {ok: 'bool', exit: 'int', stdout: 'string'}, ['argv']),
  row('postmortem/draft', 'idempotent', 'safe', {path: 'string'}),
]

export const ACTIONS: ActionTable = {
  get: uses => ROWS.find(({id}) => id === uses.replace(/^incident\//, '')),
  ids: () => ROWS.map(({id}) => id),
}

/**
 * A journal in memory, a world that counts what was done to it, and ports over both. `killAt` ends the process at the
 * n-th point where a process can die: before and after each append, before and after each effect.
 */
export class World {
  readonly clock = new SimulatedClock()
  readonly log: Recorded[] = []
  readonly appends: (readonly string[])[] = []
  readonly news: RunNews[] = []
  readonly questions: Question[] = []
  /** What reached the world, by key: how often. */
  readonly done = new Map<string, number>()
  /** Instances whose effect holds now: it happened, and was not undone. */
  readonly holding = new Set<string>()
  readonly calls: Call[] = []
  readonly facts: {incident: Facts['incident']; rods: Set<string>} = {incident: null, rods: new Set()}
  fakes: Record<string, Fake> = {}
  command: FakeCommand = () => ({end: 'exited', exitCode: 0, stdout: '{}'})
  responder: Responder | null = null
  killAt: number | null = null
  points = 0
  /** Of the process that runs now; aborted once it is killed, so that its other branches do nothing more. */
  private life = new AbortController()
  private readers: (() => void)[] = []

  /** One more point at which the process may end. */
  point(life: AbortController) {
    life.signal.throwIfAborted()
    if (this.killAt !== null && this.points++ === this.killAt) {
      life.abort(new Killed())
      life.signal.throwIfAborted()
    }
    if (this.killAt === null) this.points++
  }

  /** Somebody else's answer, from another terminal. */
  answerFromElsewhere(drafts: readonly Draft[], name: string) {
    this.write(drafts, {name, kind: 'person'})
  }

  private write(drafts: readonly Draft[], actor: Actor = {name: 'ada', kind: 'run'}): readonly Recorded[] {
    const at = iso(this.clock.now())
    const events = drafts.map((draft, i): Recorded => {
      const seq = this.log.length + i + 1
      const envelope = {
        v: 1,
        id: `e-${seq}`,
        incident: '0607-k7qm',
        origin: 'o',
        epoch: 0,
        seq,
        prev: '',
        hash: '',
        hlc: [this.clock.now(), seq],
        at,
        recorded: at,
      } as const
      return {...envelope, actor, ...draft} as Recorded
    })
    this.log.push(...events)
    this.appends.push(drafts.map(({kind}) => kind))
    for (const read of this.readers.splice(0)) read()
    return events
  }

  ports(): RunPorts {
    this.life = new AbortController()
    const {life} = this
    const alive = <T>(result: T): T => {
      life.signal.throwIfAborted()
      return result
    }
    return {
      clock: {
        now: () => this.clock.now(),
        ticks: () => this.clock.ticks(),
        sleep: (ms, signal) => this.clock.sleep(ms, signal ? AbortSignal.any([signal, life.signal]) : life.signal),
      },
      actions: ACTIONS,
      append: async drafts => {
        this.point(life)
        const events = this.write(drafts)
        this.point(life)
        return events
      },
      record: async (call, {before, after}) => {
        const fake = this.fakes[call.uses]
        const result = alive(fake ? await fake({uses: call.uses, key: call.key, instance: call.instance, given: call.with}, this) : finished({}))
        if (call.uses === 'open' && this.facts.incident) return {end: 'skipped', reason: 'already-open'}
        if (result.end === 'failed') return result
        const outputs = result.end === 'finished' ? result.outputs : {}
        this.point(life)
        const events = this.write([
          ...before,
          {kind: 'note.added', data: {noteKind: 'note', text: `${call.uses} ${call.key} ${JSON.stringify(call.with)}`}},
          ...after(outputs),
        ])
        if (call.uses === 'open')
          this.facts.incident = {id: '0607-k7qm', title: 't', severity: 'SEV1', public: true, opened: iso(this.clock.now()), components: {}}
        this.reached(call.uses, call.key, call.instance, call.with)
        this.point(life)
        return {end: 'recorded', events}
      },
      follow: () => Promise.resolve([]),
      perform: async (call, signal) => {
        this.point(life)
        signal.throwIfAborted()
        this.intended(call.instance)
        const {uses, key, instance} = call
        const result = alive(await (this.fakes[uses] ?? (() => finished({})))({uses, key, instance, given: call.with}, this))
        if (result.end === 'finished') this.reached(uses, key, instance, call.with)
        this.point(life)
        return result
      },
      runCommand: async (call, signal) => {
        this.point(life)
        const {key, instance, argv, env} = call
        this.intended(instance)
        const ran = alive(await this.command({uses: 'exec', key, instance, given: [...argv], argv, env}, signal))
        if (ran.end === 'exited' && ran.exitCode === 0) this.reached('exec', key, instance, [...argv])
        this.point(life)
        return ran
      },
      verify: call => Promise.resolve(alive(this.holds(call.instance)) ? {holds: true, outputs: this.outputsOf(call.uses)} : {holds: false}),
      state: () => Promise.resolve({incident: this.facts.incident, rods: {inserted: this.facts.rods.size, position: {}, in: [...this.facts.rods]}}),
      ask:
        this.responder &&
        (async question => {
          this.questions.push(question)
          if (!this.responder) throw new Error('no responder')
          if ((question.of === 'confirm' || question.of === 'approve') && this.hasBegun(question.step) && !this.isRedone(question.step))
            throw new Error(`${question.step} was asked about after its intent`)
          this.point(life)
          const answer = alive(await this.responder(question))
          this.point(life)
          return answer
        }),
      events: () => Promise.resolve([...this.log]),
      changed: signal =>
        new Promise((resolve, reject) => {
          this.readers.push(resolve)
          signal.addEventListener('abort', () => reject(signal.reason))
        }),
      between: () => Promise.resolve(true),
      tell: news => this.news.push(news),
    }
  }

  /** The record first: an effect without its durable intent is a bug wherever it happens. */
  private intended(instance: string) {
    const [step = ''] = instance.split(/\/(?:probe|verify)$/)
    if (!this.log.some(({kind, data}) => kind === 'step.started' && 'step' in data && data.step === step))
      throw new Error(`${instance} reached the world before its intent was durable`)
  }

  /** What was undone and shall be done anew asks anew. */
  private isRedone(step: string): boolean {
    return foldRun('r-test', this.log)?.steps[step]?.isRedone === true
  }

  private hasBegun(instance: string): boolean {
    return this.log.some(({kind, data}) => kind === 'step.started' && 'step' in data && instanceOf(data.step ?? '').instance === instance)
  }

  /** Whether the effect of a step (with or without its attempt) is there, which is what a truthful person or probe says. */
  holds(step: string): boolean {
    return this.holding.has(instanceOf(step).instance)
  }

  private outputsOf(uses: string): JsonMap {
    return uses.startsWith('rod/') ? {position: uses === 'rod/insert' ? 'inserted' : 'withdrawn'} : {}
  }

  private reached(uses: string, key: string, instance: string, given: Json) {
    this.calls.push({uses, key, instance, given})
    this.done.set(key, (this.done.get(key) ?? 0) + 1)
    if (/\/(?:probe|verify)$/.test(instance)) return // a look, no effect
    const {instance: step} = instanceOf(instance)
    this.holding.add(step)
    this.holding.delete(step.endsWith(UNDO) ? step.slice(0, -UNDO.length) : step + UNDO)
    const rod = typeof given === 'object' && given !== null && 'rod' in given ? String(given['rod']) : ''
    if (uses === 'rod/insert') this.facts.rods.add(rod)
    if (uses === 'rod/withdraw') this.facts.rods.delete(rod)
  }

  kinds(): readonly string[] {
    return this.log.map(({kind}) => kind)
  }
}

export function finished(outputs: JsonMap): Performed {
  return {end: 'finished', outputs}
}

export function failed(code = 'net.unreachable', retryable = true): Performed {
  return {end: 'failed', code, message: `${code} it was`, retryable}
}

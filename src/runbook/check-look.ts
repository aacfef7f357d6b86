import {formatDuration} from '../lib/durations.ts'
import {knownLater} from './check-fill.ts'
import type {Checking, Found} from './check-step.ts'
import {type Check, finished, type Sight} from './check-world.ts'
import type {JsonMap, Performed} from './ports.ts'
import {sentOf} from './render-step.ts'
import type {WaitUntilStep} from './runbook.ts'
import {threeValued} from './three-valued.ts'
import {within} from './within.ts'

/** What does not answer by then is unknown: a check ends, whatever is down. Commands take longer than addresses, which have their own bound. */
const LONGEST_LOOK_MS = 10_000
/** The set-up is wrong, not the world: a run would fail here, too. */
const FLAWS: ReadonlySet<string> = new Set(['exec.not-started', 'secret.missing', 'config.invalid', 'rod.not-found', 'usage.missing', 'usage.invalid'])

interface Look {
  readonly uses: string
  readonly with: JsonMap
  readonly line: string
}

/** A step that only looks: it really does, and what it sees is its result. */
export async function lookOnce(check: Check, {step, branch, filling}: Checking, look: Look): Promise<Found> {
  check.readings.add(step.instance)
  const lines = [look.line]
  if (filling.unknowns.size > 0) return {lines, seen: `not asked: ${knownLater(filling)}`}
  const {outputs, seen, finding} = await ask(check, step.instance, look)
  if (outputs === null || branch !== 'yes') return {lines, seen, finding}
  finished(check, step.instance, outputs)
  return {lines, seen, finding, isKnown: true}
}

/** A wait for something: sampled once. Its result is known only where it holds already. */
export async function sampleOnce(check: Check, sight: Sight, {step, branch, filling}: Checking, {until, forMs, timeoutMs}: WaitUntilStep): Promise<Found> {
  check.readings.add(step.instance)
  const {uses, with: given} = (step as WaitUntilStep).probe
  const row = check.ports.actions.get(uses)
  const sent = sentOf({...(step as WaitUntilStep)}, filling.shown)['probe'] as {readonly with: JsonMap} // as `sentOf` makes it
  const hold = forMs > 0 ? ` for ${formatDuration(forMs)}` : ''
  const lines = [`waits until ${until}${hold}, at most ${formatDuration(timeoutMs)}: ${row?.describe(sent.with) ?? uses}`]
  if (filling.unknowns.size > 0) return {lines, seen: `not asked: ${knownLater(filling)}`}
  const {outputs, seen, finding} = await ask(check, step.instance, {uses, with: sent.with ?? given, line: ''})
  if (outputs === null) return {lines, seen, finding}
  const judged = (await threeValued(check, sight, {types: row?.outputs ?? {}, outputs}))(until)
  const words = !judged.known ? 'cannot be told yet' : judged.value === true ? 'holds now' : 'does not hold now'
  if (branch !== 'yes' || !judged.known || judged.value !== true) return {lines, seen: `${words}; ${seen}`}
  finished(check, step.instance, outputs)
  return {lines, seen: `${words}; ${seen}`, isKnown: true}
}

interface Answer {
  /** Null: there is none. */
  readonly outputs: JsonMap | null
  readonly seen: string
  readonly finding: string | null
}

async function ask({ports, signal}: Check, instance: string, {uses, with: given}: Look): Promise<Answer> {
  const result = await within(ports.clock, LONGEST_LOOK_MS, signal, inner => ports.look({uses, with: given, instance}, inner))
  if (result.end === 'aborted') throw signal.reason
  if (result.end !== 'done') return {outputs: null, seen: `no answer within ${formatDuration(LONGEST_LOOK_MS)}`, finding: null}
  return answerOf(result.value)
}

function answerOf(value: Performed): Answer {
  if (value.end === 'finished') return {outputs: value.outputs, seen: words(value.outputs), finding: null}
  if (value.end === 'unknown') return {outputs: null, seen: `no answer: ${value.reason}`, finding: null}
  const isFlaw = FLAWS.has(value.code)
  return {outputs: null, seen: `no answer: ${value.message}`, finding: isFlaw ? `${value.code}: ${value.message}` : null}
}

function words(outputs: JsonMap): string {
  return Object.entries(outputs)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(', ')
    .slice(0, 200)
}

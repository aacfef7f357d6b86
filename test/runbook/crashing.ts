import {answerApprove} from '../../src/runbook/answer-approve.ts'
import {foldRun} from '../../src/runbook/fold.ts'
import type {Loaded} from '../../src/runbook/load.ts'
import {pinnedRunbook} from '../../src/runbook/pinned.ts'
import type {Answer, Question} from '../../src/runbook/ports.ts'
import {resume, start} from './driving.ts'
import {failed, finished, Killed, World} from './world.ts'

export type Setup = (world: World) => void

/** A truthful person: says "it happened" exactly when it did. What is broken for good is left out, what is not is tried again. */
export function truthful(world: World): World {
  world.responder = question => {
    if (world.questions.length > 80) throw new Error(`asked for ever: ${question.step}: ${question.text}`)
    if (question.of === 'approve') return approveFromElsewhere(world, question)
    return answerTo(world, question)
  }
  return world
}

function answerTo(world: World, {of, step, lines, outputs, answers}: Question): Answer {
  if (of === 'confirm') return {answer: 'yes'}
  if (of === 'manual') return {answer: 'done', outputs: Object.fromEntries(Object.keys(outputs).map(name => [name, 'poison record'])), evidence: 'trace'}
  const sent = lines.join(' ')
  if (of === 'failure') {
    if (/undo-me/.test(sent) && answers.includes('undo')) return {answer: 'undo'}
    return {answer: /broken|step\.input/.test(sent) || sent === '' ? 'skip' : 'again'}
  }
  return world.holds(step) ? {answer: 'done', outputs: Object.fromEntries(Object.keys(outputs).map(name => [name, `out ${step}`]))} : {answer: 'again'}
}

/** Another person, at another terminal: the question itself is never answered. */
function approveFromElsewhere(world: World, {step}: Question): Promise<Answer> {
  const state = foldRun('r-test', world.log)
  if (!state) throw new Error('no run to approve in')
  world.answerFromElsewhere(answerApprove(state, pinnedRunbook(state), {step, by: 'grace', roles: ['ops']}), 'grace')
  return new Promise(() => {})
}

/** Commands and probes that do as their arguments say: `flaky 2` fails twice, `broken` always. What nobody heard of is answered the same again. */
export function obedient(world: World): void {
  const failures = (instance: string) =>
    world.log.filter(({kind, data}) => kind === 'step.failed' && 'step' in data && data.step.startsWith(`${instance.split('#')[0]}#`)).length
  const fails = (instance: string, words: string) => words.includes('broken') || failures(instance) < Number(/flaky (\d)/.exec(words)?.[1] ?? 0)
  world.command = ({instance, argv}) => {
    const isFailing = fails(instance, argv.join(' '))
    return {end: 'exited', exitCode: isFailing ? 1 : 0, stdout: `out ${instance.split('#')[0]}`}
  }
  const look = ({instance, given}: {instance: string; given: unknown}) => {
    const step = instance.split('#')[0] ?? ''
    if (instance.endsWith('/verify')) return finished({ok: world.holds(step)})
    if (instance.endsWith('/probe')) return finished({ok: true, error_rate: 0})
    return fails(instance, JSON.stringify(given)) ? failed() : finished({ok: true, error_rate: 0.25})
  }
  world.fakes['probe/http'] = look
  world.fakes['probe/command'] = look
  const move =
    (position: string) =>
    ({instance, given}: {instance: string; given: unknown}) =>
      fails(instance, JSON.stringify(given)) ? failed('rod.unverified', false) : finished({position})
  world.fakes['rod/insert'] = move('inserted')
  world.fakes['rod/withdraw'] = move('withdrawn')
  world.fakes['postmortem/draft'] = () => finished({path: 'postmortem.md'})
}

/** Runs to the end or until it parks, killed at each of `kills` in turn (points counted in that process); resumed every time. */
export async function drive(runbook: Loaded, setup: Setup, kills: readonly number[], yes = true): Promise<World> {
  const world = truthful(new World())
  setup(world)
  const pending = [...kills]
  for (let lives = 0; lives < 20; lives++) {
    world.points = 0
    world.killAt = pending.shift() ?? null
    try {
      const begun = world.log.length > 0
      if (foldRun('r-test', world.log)?.ended) return world
      await (begun ? resume(world, {yes}) : start(world, runbook, {yes, inputs: {n: 3}}))
      return world
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      world.clock.suspend(61_000) // nobody resumes at once
    }
  }
  throw new Error('it never came to an end')
}

/** What may not differ from the uninterrupted run. */
export function endOf(world: World) {
  const state = foldRun('r-test', world.log)
  return {
    ended: state?.ended,
    parked: state?.parked && {reason: state.parked.reason, step: state.parked.step},
    steps: Object.fromEntries(
      Object.entries(state?.steps ?? {})
        .map(([instance, seen]) => [instance, seen.status === 'finished' ? {status: seen.status, outputs: seen.outputs} : {status: seen.status}] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    holding: [...world.holding].sort(),
    rods: [...world.facts.rods].sort(),
    notes: world.log.filter(({kind}) => kind === 'note.added').map(({data}) => ('text' in data ? data.text : '')),
  }
}

export function statusesOf(world: World) {
  const {steps, ended, ...rest} = endOf(world)
  return {...rest, outcome: ended?.outcome, counts: ended?.counts, steps: Object.entries(steps).map(([instance, {status}]) => `${instance} ${status}`)}
}

/** A repeat must be known as one by the other side: one key, one body, however often it is sent. */
export function resentDifferently(world: World) {
  const bodies = new Map<string, Set<string>>()
  for (const {key, uses, given} of world.calls) bodies.set(key, (bodies.get(key) ?? new Set()).add(`${uses} ${JSON.stringify(given)}`))
  return [...bodies].filter(([key, sent]) => sent.size > 1 || (key.includes('#') && !/#\d+\/(?:probe|verify)$/.test(key)))
}

/** Effects that took place twice under one key though their policy does not let them: only `safe` may be repeated. */
export function twice(world: World) {
  const policies = new Map<string, string>()
  for (const event of world.log)
    if (event.kind === 'step.started') policies.set(event.data.key ?? '', event.data.effect === 'record' ? 'record' : event.data.resume)
  return [...world.done].filter(([key, count]) => count > 1 && policies.has(key) && policies.get(key) !== 'safe')
}

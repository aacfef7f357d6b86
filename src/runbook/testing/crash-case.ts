import type {Recorded} from '../../incident/events.ts'
import {canonicalJson} from '../../lib/canonical.ts'
import {foldRun} from '../fold.ts'
import {instanceOf} from '../identity.ts'
import type {Loaded} from '../load.ts'
import {updatesIn} from './expectations.ts'
import type {TestCase} from './load-test.ts'
import type {OpenRehearsal} from './rehearsal.ts'
import {type RanCase, runCase, TEST_RUN} from './run-case.ts'

/** Enough to see what is wrong; the rest is most often the same. */
const MOST_PROBLEMS = 3

/**
 * Ends the process at each of these points (every one, or those after the named events), resumes, and compares with the
 * uninterrupted run: the same instances, outputs, updates, rods and other facts; no effect more often than its policy lets it.
 */
export async function crashCase(
  loaded: Loaded,
  test: TestCase,
  open: OpenRehearsal,
  whole: RanCase,
): Promise<{readonly points: number; readonly problems: readonly string[]}> {
  const problems: string[] = []
  const points = pointsOf(test.crash, whole)
  for (const at of points) {
    const where = whole.points[at]?.where ?? ''
    try {
      const broken = await runCase(loaded, test, open, at)
      const difference = differenceOf(whole, broken)
      if (difference !== null) problems.push(`killed ${where}: ${difference}`)
    } catch (error) {
      problems.push(`killed ${where}: ${error instanceof Error ? error.message : String(error)}`)
    }
    if (problems.length >= MOST_PROBLEMS) return {points: points.length, problems: [...problems, 'and perhaps more: stopped looking']}
  }
  return {points: points.length, problems}
}

/** The first point comes before anything is recorded: a run that never began. */
function pointsOf(crash: TestCase['crash'], {points}: RanCase): readonly number[] {
  const all = [...points.keys()].slice(1)
  if (crash === 'none') return []
  if (crash === 'every') return all
  return crash.flatMap(number => all.find(at => (points[at]?.events ?? 0) >= number) ?? [])
}

function differenceOf(whole: RanCase, broken: RanCase): string | null {
  const [wanted, came] = [endOf(whole), endOf(broken)]
  for (const part of ['outcome', 'parked', 'updates', 'rods', 'facts', 'outputs'] as const) {
    const [a, b] = [JSON.stringify(wanted[part]), JSON.stringify(came[part])]
    if (a !== b) return `${part} ${b}; without the crash ${a}`
  }
  return stepsDiffer(whole, broken) ?? repeated(whole, broken)
}

function endOf({result, events}: RanCase) {
  const own = events.filter(({kind}) => !/^(?:run|step|decision|timer)\./.test(kind) && !kind.startsWith('rod.'))
  return {
    outcome: result.outcome,
    parked: result.outcome === 'parked' ? [result.step, result.reason] : null,
    updates: updatesIn(events),
    rods: result.rodsIn.toSorted(),
    facts: own.map(({kind}) => kind),
    outputs: result.outputs,
  }
}

function stepsDiffer(whole: RanCase, broken: RanCase): string | null {
  const [wanted, came] = [stepsOf(whole.events), stepsOf(broken.events)]
  for (const instance of new Set([...Object.keys(wanted), ...Object.keys(came)])) {
    const [a = 'never began', b = 'never began'] = [wanted[instance]?.status, came[instance]?.status]
    if (a !== b) return `${instance} ${b}; without the crash ${a}`
    // A verify says that it happened; what came out nobody saw, and whoever needs it fails aloud.
    if (isSettledByVerify(broken.events, instance)) continue
    const [outputs, others] = [JSON.stringify(wanted[instance]?.outputs), JSON.stringify(came[instance]?.outputs)]
    if (outputs !== others) return `outputs of ${instance} ${others}; without the crash ${outputs}`
  }
  return null
}

function stepsOf(events: readonly Recorded[]) {
  return foldRun(TEST_RUN, events)?.steps ?? {}
}

function isSettledByVerify(events: readonly Recorded[], instance: string): boolean {
  return events.some(event => event.kind === 'step.settled' && event.data.by === 'verify' && instanceOf(event.data.step).instance === instance)
}

/** `safe` may be repeated, with one key and one body; everything else happens as often as it did without the crash. */
function repeated(whole: RanCase, broken: RanCase): string | null {
  const safe = new Set(broken.events.flatMap(event => (event.kind === 'step.started' && event.data.resume === 'safe' ? [event.data.key ?? ''] : [])))
  const [wanted, came] = [Map.groupBy(whole.world.reached, ({key}) => key), Map.groupBy(broken.world.reached, ({key}) => key)]
  for (const [key, effects] of came) {
    const usual = wanted.get(key)?.length ?? 0
    if (new Set(effects.map(({sent}) => canonicalJson(sent))).size > 1) return `${key} was sent twice, and differently`
    if (effects.length !== usual && (effects.length < usual || usual === 0 || !safe.has(key)))
      return `${key} happened ${effects.length} times; without the crash ${usual}`
  }
  const lost = [...wanted.keys()].find(key => !came.has(key))
  return lost === undefined ? null : `${lost} did not happen; without the crash it did`
}

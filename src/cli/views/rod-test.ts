import type {TestedRod} from '../../actions/test-rod.ts'
import type {TestedMove} from '../../incident/events.ts'
import {EXIT, type ExitCode} from '../exit.ts'
import type {View} from '../view.ts'
import {table} from './clock-words.ts'

/** One line a check, then what the exercise measured; any rod that would fail somebody is a no. */
export function testedView(tested: readonly TestedRod[]): View {
  const checks = tested.flatMap(({checks}) => checks)
  const lines = table(checks.map(({verdict, what, found}) => [verdict, what, found]))
  return {
    text: [
      ...(tested.length === 0 ? ['no rods: none in scram.yaml'] : checks.flatMap(({hints}, i) => [lines[i] ?? '', ...hints.map(hint => `      ${hint}`)])),
      ...tested.flatMap(({rod, exercise}) =>
        exercise
          ? [`${rod} exercised: in ${timesLine(exercise.in)}; out ${timesLine(exercise.out)}`, ...exercise.problems.map(problem => `fail  ${problem}`)]
          : [],
      ),
    ],
    json: {rods: tested.map(({rod, checks, exercise, ...rest}) => ({rod, ok: exitOf({rod, checks, exercise, ...rest}) === 0, checks, exercise}))},
    exit: tested.map(exitOf).find(code => code !== 0) ?? 0,
  }
}

function timesLine({acknowledgedMs, readBackMs, effectiveMs}: TestedMove): string {
  const said = [
    acknowledgedMs !== undefined && `acknowledged after ${acknowledgedMs} ms`,
    readBackMs !== undefined && `read back after ${readBackMs} ms`,
    effectiveMs === undefined ? 'never seen by the probe' : `effective after ${effectiveMs} ms`,
  ]
  return said.filter(Boolean).join(', ')
}

function exitOf({fault, isUnreachable, checks, exercise}: TestedRod): ExitCode {
  if (fault) return EXIT[fault.code]
  if (isUnreachable) return 69
  return checks.some(({verdict}) => verdict === 'fail') || exercise?.passed === false ? 1 : 0
}

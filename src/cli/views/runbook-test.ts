import type {TestedRunbook} from '../../actions/test-runbooks.ts'
import {formatDuration} from '../../lib/durations.ts'
import type {View} from '../view.ts'

/** A line for each case, and below it what was expected and what came. */
export function runbookTestView(tests: readonly TestedRunbook[]): View {
  const cases = tests.flatMap(test => test.cases)
  const failed = cases.filter(({problems}) => problems.length > 0).length
  const unreadable = tests.filter(({findings}) => findings.length > 0).length
  const summary = [
    `${cases.length - failed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unreadable > 0 ? [`${unreadable} could not be run`] : []),
    `${cases.reduce((sum, {crashPoints}) => sum + crashPoints, 0)} crash points`,
  ]
  return {
    text: [...tests.flatMap(linesOf), summary.join(', ')],
    json: {tests, passed: cases.length - failed, failed},
    exit: unreadable > 0 ? 65 : failed > 0 ? 1 : 0,
  }
}

function linesOf({file, runbook, findings, cases}: TestedRunbook): readonly string[] {
  if (findings.length > 0) return [`✗ cannot be run  ${file}`, ...findings.map(finding => `    ${finding}`)]
  return cases.flatMap(({name, problems, tookMs, crashPoints}) => {
    const facts = [...(tookMs === null ? [] : [`${formatDuration(tookMs)} simulated`]), ...(crashPoints > 0 ? [`${crashPoints} crash points`] : [])]
    const mark = problems.length === 0 ? '✓ passed' : '✗ failed'
    return [`${mark}  ${runbook}  ${name}  ${facts.join(', ')}`.trimEnd(), ...problems.map(problem => `    ${problem}`)]
  })
}

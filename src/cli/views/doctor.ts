import type {SetupCheck} from '../../actions/setup-check.ts'
import type {View} from '../view.ts'
import {table} from './clock-words.ts'

/** One line a check, the advice below it; any `fail` is a no. */
export function doctorView(checks: readonly SetupCheck[]): View {
  const lines = table(checks.map(({verdict, what, found}) => [verdict, what, found]))
  const failed = checks.filter(({verdict}) => verdict === 'fail').length
  return {
    text: checks.flatMap(({hints}, i) => [lines[i] ?? '', ...hints.map(hint => `      ${hint}`)]),
    json: {ok: failed === 0, checks},
    exit: failed === 0 ? 0 : 1,
  }
}

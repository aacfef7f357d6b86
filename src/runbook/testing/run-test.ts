import {Fault} from '../../lib/fault.ts'
import type {Loaded} from '../load.ts'
import {crashCase} from './crash-case.ts'
import {unmet} from './expectations.ts'
import {TestGap} from './gap.ts'
import type {RunbookTest, TestCase} from './load-test.ts'
import type {OpenRehearsal} from './rehearsal.ts'
import {type RanCase, runCase} from './run-case.ts'

export interface CaseResult {
  readonly name: string
  /** Each begins with file:line:column; none: it passed. */
  readonly problems: readonly string[]
  /** Simulated; null: it did not come to an end. */
  readonly tookMs: number | null
  /** Points at which the run was killed and resumed. */
  readonly crashPoints: number
}

/** Runs the cases of a test one after another. A case that cannot be run is a problem, not an exception; a bug is one. */
export async function runTest(loaded: Loaded, test: RunbookTest, open: OpenRehearsal): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = []
  for (const one of test.cases) results.push(await tested(loaded, test, one, open))
  return results
}

async function tested(loaded: Loaded, test: RunbookTest, one: TestCase, open: OpenRehearsal): Promise<CaseResult> {
  const at = (path: readonly (string | number)[], message: string, place: 'at' | 'keyAt' = 'at') => {
    const {line, column} = test.source[place]([...one.path, ...path])
    return `${test.file}:${line}:${column}  ${message}`
  }
  let ran: RanCase
  try {
    ran = await runCase(loaded, one, open)
  } catch (error) {
    if (!(error instanceof TestGap || error instanceof Fault)) throw error
    return {name: one.name, problems: [at(['name'], error.message)], tookMs: null, crashPoints: 0}
  }
  const unused = (['world', 'answers'] as const).flatMap(part => ran.unused[part].map(key => at([part, key], `\`${part}\`: nothing asked for ${key}`, 'keyAt')))
  const problems = [...unmet(one.expect, ran).map(({path, message}) => at(['expect', ...path], `\`${path[0]}\`: ${message}`)), ...unused]
  if (problems.length > 0) return {name: one.name, problems, tookMs: ran.tookMs, crashPoints: 0}
  const crashed = await crashCase(loaded, one, open, ran)
  return {name: one.name, problems: crashed.problems.map(problem => at(['crash'], problem)), tookMs: ran.tookMs, crashPoints: crashed.points}
}

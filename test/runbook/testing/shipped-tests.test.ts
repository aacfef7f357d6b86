import {basename, join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {rehearsals} from '../../../src/actions/rehearse-run.ts'
import {findRunbooks, findTests} from '../../../src/runbook/find-runbooks.ts'
import {findingLine} from '../../../src/runbook/finding.ts'
import {openRunbook} from '../../../src/runbook/open-runbook.ts'
import {readText} from '../../../src/runbook/runbook-files.ts'
import {loadTest} from '../../../src/runbook/testing/load-test.ts'
import {runTest} from '../../../src/runbook/testing/run-test.ts'
import {shippedDesk} from './shipped-desk.ts'

/** Every runbook we ship is tried as `scram runbook test` tries it: killed and resumed at every point. */
const folder = join(import.meta.dirname, '../../../runbooks')
const [runbooks, tests] = await Promise.all([findRunbooks(folder), findTests(folder)])

describe('the runbooks we ship', () => {
  it('each have a test', () => {
    expect(tests.map(file => basename(file, '.test.yaml'))).toEqual(runbooks.map(file => basename(file, '.yaml')))
  })

  it.each(tests.map(file => basename(file)))(
    '%s passes, killed at every point',
    async name => {
      const loading = loadTest(name, readText(join(folder, name)))
      if (!loading.ok) throw new Error(loading.findings.map(findingLine).join('\n'))
      expect(loading.test.cases.some(({crash}) => crash === 'every')).toBe(true)
      const results = await runTest(await openRunbook(folder, loading.test.runbook), loading.test, await rehearsals(shippedDesk(folder)))
      expect(results.flatMap(({problems}) => problems)).toEqual([])
      expect(results.reduce((sum, {crashPoints}) => sum + crashPoints, 0)).toBeGreaterThan(20)
    },
    600_000, // two cases of some hundred points each: a busy machine is no failure
  )
})

import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {rehearsals} from '../../../src/actions/rehearse-run.ts'
import {openRunbook} from '../../../src/runbook/open-runbook.ts'
import {loadTest} from '../../../src/runbook/testing/load-test.ts'
import {runTest} from '../../../src/runbook/testing/run-test.ts'
import {shippedDesk} from './shipped-desk.ts'

const folder = join(import.meta.dirname, '../../../runbooks')

/** One case of api-maintenance-out: what is so before it, and how it ends. */
async function problemsOf(lines: string): Promise<readonly string[]> {
  const loading = loadTest('t.test.yaml', `scram_test: 1\nrunbook: api-maintenance-out\ncases:\n  - name: one\n${lines.replace(/^/gm, '    ')}\n`)
  if (!loading.ok) throw new Error(loading.findings.map(({message}) => message).join('\n'))
  const [result] = await runTest(await openRunbook(folder, loading.test.runbook), loading.test, await rehearsals(shippedDesk(folder)))
  return result?.problems ?? ['nothing ran']
}

const WORLD = 'world: { "*": { outputs: { error_rate: 0.001, p95_ms: 120 } } }'

describe('what is so before a run, and what becomes of it when it parks', () => {
  it('is not so unless the test says it', async () => {
    const [problem] = await problemsOf(`${WORLD}\nanswers: { "*": yes }`)
    expect(problem).toMatch(/told failed and asks .*was never opened/)
  })

  it('holds for rods: one that is in and was forgotten is seen', async () => {
    const given = 'given: { incident: Down, rods_inserted: [api-maintenance, search] }'
    const [problem] = await problemsOf(`${given}\n${WORLD}\nanswers: { "*": yes }\nexpect: { rods_inserted: [] }`)
    expect(problem).toMatch(/`rods_inserted`: expected \[\], came \[search\]/)
  })

  it('a run that ends by itself is not given up', async () => {
    const [problem] = await problemsOf(`given: { incident: Down }\n${WORLD}\nanswers: { "*": yes }\nabort: enough`)
    expect(problem).toMatch(/`abort`: the run did not park/)
  })
})

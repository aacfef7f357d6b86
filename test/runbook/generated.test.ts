import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {drive, obedient, resentDifferently, statusesOf, twice} from './crashing.ts'
import {load, runbooks} from './generate.ts'

/** In CI as many as a minute carries; `npm run test:long` looks at more. fast-check prints seed, points and the shrunken runbook. */
const RUNS = process.env['SCRAM_LONG'] === '1' ? 5000 : 1000
/** One runbook takes milliseconds; one that never ends is a finding, too. */
const HANGS_MS = 20_000

describe('any runbook', () => {
  it(`of ${RUNS}, killed anywhere, once or twice over, ends as if it had not been`, async () => {
    await fc.assert(
      fc.asyncProperty(runbooks, fc.array(fc.nat(400), {minLength: 1, maxLength: 2}), fc.boolean(), async (written, kills, yes) => {
        const runbook = load(written)
        const whole = await drive(runbook, obedient, [], yes)
        const points = kills.map(kill => 1 + (kill % Math.max(whole.points - 1, 1)))
        const broken = await drive(runbook, obedient, points, yes)
        // Statuses, not outputs: a verify says that it happened, and not what came out.
        expect({points, ...statusesOf(broken)}).toEqual({points, ...statusesOf(whole)})
        expect({points, twice: twice(broken), resent: resentDifferently(broken)}).toEqual({points, twice: [], resent: []})
      }),
      {numRuns: RUNS, timeout: HANGS_MS},
    )
  }, 900_000)
})

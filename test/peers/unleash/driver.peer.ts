import {afterAll, beforeAll} from '@jest/globals'
import {driverContract} from '../../contracts/driver.ts'
import {needPostgres} from './need-postgres.ts'
import {startUnleash, type Unleash} from './unleash.ts'
import {unleashBench} from './unleash-bench.ts'

const programs = needPostgres()
let unleash: Unleash
beforeAll(async () => {
  unleash = await startUnleash(programs)
})
afterAll(() => unleash?.stop())

driverContract('unleash (inserted: disabled)', () => unleashBench(unleash, {inserted: 'disabled'}))
driverContract('unleash (inserted: enabled)', () => unleashBench(unleash, {inserted: 'enabled', create_strategy: true}))
// A share is read before it is set: where not even that is understood nothing was sent, which is `rod.unreachable` and not
// what the suite expects of a call that may have arrived. traps.peer.ts asks for both.
driverContract('unleash (percent)', () => unleashBench(unleash, {inserted: 'disabled', positions: {percent: {step: 50}}}), [
  'silent',
  'dripping',
  'reset',
  'unintelligible',
])

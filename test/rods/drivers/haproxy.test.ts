import {afterAll, it} from '@jest/globals'
import {type Condition, driverContract} from '../../contracts/driver.ts'
import {requireTool} from '../../servers/require-tool.ts'
import {haproxyBench, KINDS, keepEdge} from './haproxy-bench.ts'

const itHere = requireTool('haproxy')
const edge = keepEdge()
afterAll(() => edge.close())

/** `set map` is taken at every level of a socket, at `user` too (2.6.12): whoever may open it may move the rod. */
const NO_CREDENTIAL: readonly Condition[] = ['bad-credential']

if (itHere === it) {
  for (const name of ['map', 'map on tcp', 'persisted map', 'percent map'] as const) {
    driverContract(`haproxy (${name})`, () => haproxyBench(KINDS[name], edge), NO_CREDENTIAL)
  }
  for (const name of ['server', 'frontend'] as const) driverContract(`haproxy (${name})`, () => haproxyBench(KINDS[name], edge))
} else {
  itHere('keeps the port’s promises on a real HAProxy', () => {})
}

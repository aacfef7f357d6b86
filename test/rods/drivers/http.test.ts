import {driverContract} from '../../contracts/driver.ts'
import {httpBench} from './http-bench.ts'

driverContract('http', () => httpBench())
driverContract('http (if_match)', () => httpBench({if_match: true}))

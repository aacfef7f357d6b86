import {driverContract} from '../contracts/driver.ts'
import {memoryBench} from './memory-driver.ts'

driverContract('in-memory', async () => memoryBench())

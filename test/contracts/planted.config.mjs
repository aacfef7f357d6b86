// Jest's own configuration, with the fault of SCRAM_PLANT ({file, from, to}) planted: see planted-faults.test.ts.
import {join} from 'node:path'
import ours from '../../jest.config.mjs'

const [[pattern, [, swc]]] = Object.entries(ours.transform)
const plant = JSON.parse(process.env.SCRAM_PLANT)

export default {
  ...ours,
  rootDir: join(import.meta.dirname, '../..'),
  transform: {[pattern]: ['<rootDir>/test/contracts/plant.mjs', {swc, plant}]},
}

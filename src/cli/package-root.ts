import {dirname} from 'node:path'

/** The folder scram is installed in: `bin/run.cjs` and `bin/dev.js` are both started by their path. */
export function packageRoot(): string {
  return dirname(dirname(process.argv[1] ?? ''))
}

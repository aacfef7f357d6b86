import {main} from './cli/main.ts'
import {loaders} from './loaders.ts'

// The one door: bin/run.cjs (the bundle) and bin/dev.js (the sources) both end here.
await main(process.argv.slice(2), loaders)

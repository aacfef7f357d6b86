import {main} from './cli/main.ts'

// The one door: bin/run.cjs (the bundle) and bin/dev.js (the sources) both end here.
void main(process.argv.slice(2))

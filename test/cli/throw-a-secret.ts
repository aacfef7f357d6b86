/** A bug whose message holds a secret that this process resolved: by the desk itself, or by what the workspace names. */
import {makeDesk} from '../../src/cli/desk.ts'
import {report} from '../../src/cli/report.ts'

const [reference = '', ...argv] = process.argv.slice(2)
const desk = makeDesk({json: false, narrate: () => undefined})
const value = await desk.secret(reference)
process.exitCode = report(new TypeError(`cannot read ${value} of undefined\nand ${Buffer.from(`user:${value}`).toString('base64')}`), argv)

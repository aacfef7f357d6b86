import {buildPage} from '../../src/page/build.ts'
import {publishToDirectory} from '../../src/page/targets/directory.ts'
import {model, routing, slowDashboard} from './record.ts'

/** A process that publishes revision after revision, from `first` on, until somebody kills it. Says each it finished. */
const [path = '', first = '1'] = process.argv.slice(2)
for (let revision = Number(first); ; revision++) {
  const result = await publishToDirectory(buildPage(model([routing(), slowDashboard()], {revision})), {path, revision})
  process.stdout.write(`${result.published ? revision : JSON.stringify(result)}\n`)
}

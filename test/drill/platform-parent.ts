/** A parent to be killed: starts the platform, prints what must be gone afterwards, and waits. */
import {startPlatform} from '../../src/drill/platform.ts'

const [folder = '', roleMain = ''] = process.argv.slice(2)
const platform = await startPlatform({folder, signal: new AbortController().signal, roleArgv: [process.execPath, roleMain]})
process.stdout.write(
  `${JSON.stringify({pids: platform.pids, urls: [platform.manager.url, platform.api.publicUrl, platform.api.adminUrl, platform.router.url]})}\n`,
)
setInterval(() => undefined, 1000)

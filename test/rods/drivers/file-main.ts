import {Fault} from '../../../src/lib/fault.ts'
import {rodOf} from '../open-driver.ts'

/** Moves a flag file in a process of its own, where mounts and system calls can be arranged and watched. */
const [path, to = 'inserted'] = process.argv.slice(2)
const driver = await rodOf({driver: 'file', with: {path}}).driver()
const end = await driver.set(to, {target: '', why: 'why', fence: 1, signal: AbortSignal.timeout(20_000)}).then(
  () => 'done',
  (error: unknown) => (error instanceof Fault ? `${error.code} ${error.message}` : String(error)),
)
process.stdout.write(`${end}\n`)

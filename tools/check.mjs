// All checks but the long tests, in two lanes: typed lint alone takes as long as the rest, so it comes first where two cores
// are all there is. Each prints when it has ended.
import {spawn} from 'node:child_process'
import {setPriority} from 'node:os'
import {dirname} from 'node:path'
import {fileURLToPath} from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [LONG, SHORT] = [['node tools/checks/run.mjs'], ['tsc --noEmit', 'npm run lint', 'node tools/generate.mjs --check', 'npm run test:quick']]

// What the build prints from the commands is read by all of them.
const failed = (await run('node build.mjs --sources')) === 0 ? (await Promise.all([lane(LONG), lane(SHORT, 10)])).flat() : ['node build.mjs --sources']
for (const command of failed) console.error(`failed: ${command}`)
process.exitCode = failed.length > 0 ? 1 : 0

async function lane(commands, niceness = 0) {
  const failures = []
  for (const command of commands) if ((await run(command, niceness)) !== 0) failures.push(command)
  return failures
}

/** Answers with the exit code. The programs are those of node_modules/.bin: npm puts it into PATH. */
function run(command, niceness = 0) {
  const started = performance.now()
  const [program, ...args] = command.split(' ')
  const child = spawn(program, args, {cwd: root, stdio: ['ignore', 'pipe', 'pipe']})
  if (child.pid !== undefined) setPriority(child.pid, niceness)
  const chunks = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => chunks.push(chunk))
  return new Promise(resolve => {
    child.once('error', error => chunks.push(Buffer.from(`${error.message}\n`)))
    child.once('close', code => {
      console.log(`> ${command}  ${((performance.now() - started) / 1000).toFixed(1)} s\n${Buffer.concat(chunks).toString().trimEnd()}\n`)
      resolve(code)
    })
  })
}

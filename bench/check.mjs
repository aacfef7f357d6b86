/**
 * `scram run ID --check` of the largest shipped runbook, as a whole process, beside a bare `node -e 0` of the same Node.
 *   npm run build && node bench/check.mjs [runs]
 * Its rods and probes meet a local server that answers at once; the budget is 300 ms of wall time on a quiet machine.
 * Processor time is shown too: on a busy one it is what can be compared.
 */
import {spawn} from 'node:child_process'
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:http'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {parse} from 'yaml'

const RUNS = Number(process.argv[2] ?? 20)
const BUDGET_MS = 300

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const home = mkdtempSync(join(tmpdir(), 'scram-bench-'))
const workspace = join(home, 'workspace')
const env = {PATH: process.env.PATH, HOME: home, SCRAM_HOME: join(home, 'record'), XDG_CACHE_HOME: join(home, 'cache')}
mkdirSync(workspace)
mkdirSync(env.XDG_CACHE_HOME)

const server = createServer((_, response) => response.writeHead(200, {'content-type': 'application/json'}).end('{"maintenance":false}'))
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}`

/** The shipped files, every address of theirs the local server's. */
const files = readdirSync(join(root, 'runbooks')).filter(name => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))
for (const name of files) {
  const text = readFileSync(join(root, 'runbooks', name), 'utf8')
  writeFileSync(join(workspace, name), text.replace(/https?:\/\/[\w.-]*example\.(?:com|net)/g, url))
}
const sizeOf = node => (Array.isArray(node) ? node.reduce((sum, each) => sum + 1 + sizeOf(each?.steps ?? each?.parallel), 0) : 0)
const runbooks = files.filter(name => name !== 'scram.yaml').map(name => parse(readFileSync(join(workspace, name), 'utf8')))
const largest = runbooks.toSorted((a, b) => sizeOf(b.steps) - sizeOf(a.steps))[0]

/** A value for every input that has none. */
const inputs = Object.entries(largest.inputs ?? {})
  .filter(([, {default: given}]) => given === undefined)
  .flatMap(([id, {pattern = ''}]) => ['--input', `${id}=${pattern.startsWith('http') ? url : pattern.startsWith('r-') ? 'r-1' : 'x'}`])

/** bash asks the kernel: wall and processor time of the one process, in ms. */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', `TIMEFORMAT='%3R %3U %3S'; time "$@" >/dev/null`, 'bash', command, ...args], {env, stdio: ['ignore', 'ignore', 'pipe']})
    let stderr = ''
    child.stderr.on('data', chunk => {
      stderr += chunk
    })
    child.on('close', code => {
      if (code !== 0) return reject(new Error(`exit ${code}\n${stderr}`))
      const [real, user, system] = stderr
        .trim()
        .split('\n')
        .at(-1)
        .split(' ')
        .map(seconds => Number(seconds) * 1000)
      resolve({ms: real, cpuMs: user + system})
    })
  })
}
const sorted = values => values.toSorted((a, b) => a - b)
const median = values => sorted(values)[values.length >> 1]

const args = ['run', largest.runbook, '--workspace', workspace, '--check', ...inputs]
try {
  for (let i = 0; i < 2; i++) await run(join(root, 'bin/scram'), args)
  const bare = []
  const ours = []
  for (let i = 0; i < RUNS; i++) {
    bare.push(await run(process.execPath, ['-e', '0']))
    ours.push(await run(join(root, 'bin/scram'), args))
  }
  const of = (runs, key) => sorted(runs.map(each => each[key]))
  const wall = of(ours, 'ms')
  const words = [
    `${largest.runbook}, ${sizeOf(largest.steps)} steps, ${RUNS} runs`,
    `wall ${median(wall).toFixed(0)} ms [${wall[0].toFixed(0)}–${wall.at(-1).toFixed(0)}], budget ${BUDGET_MS} ms`,
    `processor ${median(of(ours, 'cpuMs')).toFixed(0)} ms, least ${of(ours, 'cpuMs')[0].toFixed(0)}`,
    `bare node: wall ${median(of(bare, 'ms')).toFixed(0)} ms, processor ${median(of(bare, 'cpuMs')).toFixed(0)} ms`,
  ]
  console.log(words.join('; '))
  if (median(wall) > BUDGET_MS) process.exitCode = 1
} finally {
  server.close()
  server.closeAllConnections()
  rmSync(home, {recursive: true, force: true})
}

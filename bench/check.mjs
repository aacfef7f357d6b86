/**
 * `scram run ID --check` of the largest shipped runbook, as a whole process, beside a bare `node -e 0` of the same Node.
 *   npm run build && node bench/check.mjs [runs]
 * Twice: its rods and probes meet a local server that answers at once, or a port of this machine that refuses them, as where
 * no host of it can be reached. The budget is 300 ms of wall time of the first on a quiet machine. Processor time is shown
 * too: on a busy one it is what can be compared. The server says how many requests a check made.
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
const silent = join(home, 'silent')
const env = {PATH: process.env.PATH, HOME: home, SCRAM_HOME: join(home, 'record'), XDG_CACHE_HOME: join(home, 'cache')}
mkdirSync(workspace)
mkdirSync(silent)
mkdirSync(env.XDG_CACHE_HOME)

let requests = 0
const server = createServer((_, response) => {
  requests += 1
  response.writeHead(200, {'content-type': 'application/json'}).end('{"maintenance":false}')
})
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}`

const REFUSING = 'http://127.0.0.1:1'

/** The shipped files, every address of theirs the local server's, or one that nobody listens on. */
const files = readdirSync(join(root, 'runbooks')).filter(name => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))
for (const name of files) {
  const text = readFileSync(join(root, 'runbooks', name), 'utf8')
  const pointedTo = address => text.replace(/https?:\/\/[\w.-]*example\.(?:com|net)/g, address)
  writeFileSync(join(workspace, name), pointedTo(url))
  writeFileSync(join(silent, name), pointedTo(REFUSING))
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

const checkIn = folder => run(join(root, 'bin/scram'), ['run', largest.runbook, '--workspace', folder, '--check', ...inputs])
const parts = {
  'every host answers': () => checkIn(workspace),
  'no host answers': () => checkIn(silent),
  'bare node': () => run(process.execPath, ['-e', '0']),
}
try {
  for (const part of Object.values(parts)) await part()
  requests = 0
  await checkIn(workspace)
  console.log(`${largest.runbook}, ${sizeOf(largest.steps)} steps, ${requests} requests; ${RUNS} runs of each by turns`)
  const seen = Object.fromEntries(Object.keys(parts).map(name => [name, []]))
  for (let i = 0; i < RUNS; i++) for (const [name, part] of Object.entries(parts)) seen[name].push(await part())
  for (const [name, runs] of Object.entries(seen)) {
    const [wall, cpu] = ['ms', 'cpuMs'].map(key => sorted(runs.map(each => each[key])))
    console.log(
      `${name}: wall ${median(wall).toFixed(0)} ms [${wall[0].toFixed(0)}–${wall.at(-1).toFixed(0)}], processor ${median(cpu).toFixed(0)} ms, least ${cpu[0].toFixed(0)}`,
    )
  }
  const ms = median(sorted(seen['every host answers'].map(each => each.ms)))
  console.log(`budget ${BUDGET_MS} ms: ${ms > BUDGET_MS ? 'missed' : 'kept'}`)
  if (ms > BUDGET_MS) process.exitCode = 1
} finally {
  server.close()
  server.closeAllConnections()
  rmSync(home, {recursive: true, force: true})
}

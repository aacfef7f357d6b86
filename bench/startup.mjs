// Whole processes against a bare `node -e 0` of the same shipped Node: pairs run A B A B, so that a busy moment hits both.
//   npm run bench            20 pairs each, fails above its budget (15 % slack) or when a write loads what it must not
//   npm run bench -- 60      more pairs
// stdout is a pipe; the compile cache is warm (two runs before), but for the row that says otherwise.
import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

const PAIRS = Number(process.argv[2] ?? 20)
const SLACK = 1.15
/** Each costs a start what it weighs; none is needed to write one record. */
const FORBIDDEN = ['crypto', 'child_process', 'http', 'readline', 'net', 'tty']

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const scram = join(root, 'bin/scram')
const node = process.execPath
const home = mkdtempSync(join(tmpdir(), 'scram-bench-'))
const environment = {PATH: process.env.PATH, HOME: home, SCRAM_HOME: join(home, 'record'), XDG_CACHE_HOME: join(home, 'cache')}
mkdirSync(environment.XDG_CACHE_HOME)
writeFileSync(join(home, 'file'), '')
const noCache = {...environment, XDG_CACHE_HOME: join(home, 'file')}

let failed = false
try {
  run(scram, ['open', 'bench', '--private'])
  console.log(`node ${process.version}, ${PAIRS} pairs, median [least–most]`)
  measure('durable write (scram note x)', ['note', 'x'], environment, 2.0)
  measure('durable write, no compile cache', ['note', 'x'], noCache, 2.4)
  measure('scram --version', ['--version'], environment, 2.0)
  measure('scram (status)', [], environment, 2.4)
  measure('scram help', ['help'], environment, 2.2)
  guardModules()
} finally {
  rmSync(home, {recursive: true, force: true})
}
process.exitCode = failed ? 1 : 0

function measure(name, args, env, budget) {
  for (let i = 0; i < 2; i++) run(scram, args, env)
  const bare = []
  const ours = []
  for (let i = 0; i < PAIRS; i++) {
    bare.push(run(node, ['-e', '0'], env))
    ours.push(run(scram, args, env))
  }
  const wall = median(ours.map(({ms}) => ms)) / median(bare.map(({ms}) => ms))
  const cpu = median(ours.map(({cpuMs}) => cpuMs)) / median(bare.map(({cpuMs}) => cpuMs))
  const isOver = cpu > budget * SLACK
  failed ||= isOver
  console.log(
    `${name.padEnd(34)} cpu ×${cpu.toFixed(2)}  wall ×${wall.toFixed(2)}  ${spread(ours)} ms against ${spread(bare)} ms  budget ×${budget.toFixed(1)}${isOver ? '  OVER' : ''}`,
  )
}

/** bash asks the kernel (getrusage): wall and processor time of the one process, in ms. */
function run(command, args, env = environment) {
  const script = `TIMEFORMAT='%3R %3U %3S'; time "$@"`
  const {status, stderr} = spawnSync('bash', ['-c', script, 'bash', command, ...args], {env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']})
  const [real, user, system] = stderr
    .trim()
    .split('\n')
    .at(-1)
    .split(' ')
    .map(seconds => Number(seconds) * 1000)
  if (status !== 0 || !(user + system >= 0)) throw new Error(`${command} ${args.join(' ')}: exit ${status}\n${stderr}`)
  return {ms: real, cpuMs: user + system}
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

function spread(runs) {
  const ms = runs.map(each => each.ms)
  return `${median(ms).toFixed(1)} [${Math.min(...ms).toFixed(1)}–${Math.max(...ms).toFixed(1)}]`
}

/** Asks the process itself, as it ends, what it has loaded. */
function guardModules() {
  const list = join(home, 'loaded.json')
  const probe = join(home, 'probe.cjs')
  writeFileSync(probe, `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(process.moduleLoadList)))`)
  const {status, stderr} = spawnSync('bash', ['-c', '"$@" >/dev/null', 'bash', node, '--require', probe, join(root, 'bin/run.cjs'), 'note', 'x'], {
    env: environment,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`scram note x: exit ${status}\n${stderr}`)
  const loaded = JSON.parse(readFileSync(list, 'utf8'))
  const wrong = FORBIDDEN.filter(name => loaded.includes(`NativeModule ${name}`))
  failed ||= wrong.length > 0
  console.log(
    `after scram note x >/dev/null: ${loaded.length} internal modules, ${wrong.length === 0 ? `none of ${FORBIDDEN.join(', ')}` : `LOADED ${wrong.join(', ')}`}`,
  )
}

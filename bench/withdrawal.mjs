/**
 * Withdrawing the API's rods on the drill's real manager, API and customers, by the real command; one row at a time.
 *   npm run build && node bench/withdrawal.mjs            every row: 7 minutes, more when a withdrawal is slow
 *   npm run build && node bench/withdrawal.mjs at-once    the rows whose name contains it
 * At once: the rod was in for 15 s (450 to 600 customers wait), counted are 16 s. Guarded: in for 8 s, which with the dwell
 * before the first step are the 12 s that routers take to come back behind an early rod; counted is until 8 s after the
 * command has ended. With more customers waiting the first steps of a share overshoot until it is held.
 * Exit 1 when a margin is missed, 75 when the machine was too busy for figures (timers above 100 ms late, 99th percentile).
 */
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {setTimeout as nap} from 'node:timers/promises'
import {ask} from '../src/drill/ask.ts'
import {holdDrillPlace} from '../src/drill/only-one.ts'
import {writeDrillWorkspace} from '../src/drill/workspace.ts'
import {since} from '../src/drill/write-figures.ts'
import {startWritePath} from '../src/drill/write-path.ts'

const IN_BEFORE_AT_ONCE_MS = 15_000
const IN_BEFORE_GUARDED_MS = 8000
const AFTER_MS = 8000
const LONGEST_OUT_MS = 180_000
const LATE_TIMERS_MS = 100

const ROWS = [
  {name: 'at-once, 40/s', rod: 'api-maintenance', load: 40, run: atOnce},
  {name: 'at-once, 30/s', rod: 'api-maintenance', load: 30, run: atOnce},
  {name: 'guarded-percent, 30/s', rod: 'api-maintenance', load: 30, run: guarded, isHeld: out => out.exit === 0 && out.seconds <= 150 && out.stepBacks <= 3},
  {name: 'guarded-rate, 30/s', rod: 'api-admit-rate', load: 30, run: guarded, isHeld: out => out.exit === 0 && out.seconds <= 150},
  {name: 'guarded-percent, 40/s', rod: 'api-maintenance', load: 40, run: guarded, isHeld: out => out.exit === 4},
]

const WIDTHS = [6, 9, 7, 8, 10, 9, 9, 15, 9]

const root = dirname(import.meta.dirname)
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort(new Error(`ended by ${signal}`)))

const admin = ({api}) => `${api.adminUrl}/admin/maintenance`
const settingOf = async path => (await ask(admin(path), {timeoutMs: 5000})).json
const patch = (path, json) => ask(admin(path), {method: 'PATCH', json, timeoutMs: 5000})
const latestTimers = ({manager, api, load}) => Math.max(manager.lag_p99_ms, api.lag_p99_ms, load.lagP99Ms)

const leave = await holdDrillPlace()
try {
  const hasAtOnce = (await scram(['out', '--help'], {})).stdout.includes('--at-once')
  print('row', 'exit', 'seconds', 'backs', 'served', 'timeouts', 'dropped', 'waiting', 'queue', 'timers', '')
  const rows = ROWS.filter(({name}) => name.includes(process.argv[2] ?? ''))
  for (const row of rows) await measure(row, hasAtOnce)
  if (!hasAtOnce && rows.some(({run}) => run === atOnce)) process.stdout.write('at-once: by a call to the API itself, as this scram has no --at-once\n')
} catch (error) {
  if (!stop.signal.aborted) throw error
  process.exitCode = 130
} finally {
  leave()
}

async function measure({name, rod, load, run, isHeld}, hasAtOnce) {
  const folder = mkdtempSync(join(tmpdir(), 'scram-bench-out-'))
  const roleArgv = [process.execPath, join(root, 'bin/run.cjs'), '__drill-role']
  let path
  try {
    path = await startWritePath({folder, signal: stop.signal, roleArgv, customersPerSecond: load})
    const {home, workspace} = await writeDrillWorkspace(folder, {runbooks: join(root, 'runbooks'), platform: path})
    mkdirSync(join(folder, 'cache'))
    const env = {HOME: folder, XDG_CACHE_HOME: join(folder, 'cache'), SCRAM_HOME: home, SCRAM_WORKSPACE: workspace}
    await nap(2000, undefined, stop)
    const inserted = await scram(['in', rod, '--why', 'bench'], env)
    if (inserted.exit !== 0) throw new Error(`scram in ${rod}: exit ${inserted.exit}\n${inserted.stderr}`)
    await nap(run === atOnce ? IN_BEFORE_AT_ONCE_MS : IN_BEFORE_GUARDED_MS, undefined, stop)
    const before = await path.figures()
    const out = await run({path, rod, env, before, hasAtOnce})
    const lagMs = latestTimers(await path.stats())
    const isBusy = lagMs > LATE_TIMERS_MS
    const held = isHeld ? isHeld(out) && out.timeouts <= 5 : out.timeouts > 1000 && out.queue > out.queueHalfWay
    print(
      name,
      out.exit,
      out.seconds,
      out.stepBacks,
      out.served,
      out.timeouts,
      out.dropped,
      out.waiting,
      out.queues,
      `${lagMs} ms`,
      `  ${verdict(held, isBusy)}`,
    )
    if (!held) process.exitCode = isBusy ? 75 : 1
  } finally {
    await path?.stop()
    rmSync(folder, {recursive: true, force: true})
  }
}

async function atOnce({path, rod, env, before, hasAtOnce}) {
  const command = hasAtOnce ? scram(['out', rod, '--at-once', '--why', 'bench'], env) : patch(path, {maintenance: 0}).then(() => ({exit: '-'}))
  await nap(8000, undefined, stop)
  const half = since(before, await path.figures())
  await nap(8000, undefined, stop)
  const all = since(before, await path.figures())
  const {exit} = await command
  return {...all, exit, seconds: '-', stepBacks: '-', queueHalfWay: half.queue, queues: `${half.queue} → ${all.queue}`}
}

/** A step back goes fully in first, whatever the engine prints: seen at the API, each time it refuses more than before. */
async function guarded({path, rod, env, before}) {
  const beganTicks = performance.now()
  const running = new AbortController()
  const moves = followMoves(path, running.signal)
  const {exit, stderr} = await scram(['out', rod, '--why', 'bench'], env)
  const seconds = Math.round((performance.now() - beganTicks) / 100) / 10
  running.abort()
  const {stepBacks, longestQueue} = await moves
  if (exit !== 0 && exit !== 4) process.stderr.write(stderr)
  await nap(AFTER_MS, undefined, stop)
  const all = since(before, await path.figures())
  return {...all, exit, seconds, stepBacks, queues: `≤ ${Math.max(longestQueue, all.queue)}`}
}

async function followMoves(path, signal) {
  let [stepBacks, longestQueue, last] = [0, 0, null]
  while (!signal.aborted) {
    const [setting, {manager}] = await Promise.all([settingOf(path), path.stats()])
    const refused = setting.maintenance + (setting.rate === null ? 0 : 1_000_000 - setting.rate)
    if (last !== null && refused > last) stepBacks += 1
    last = refused
    longestQueue = Math.max(longestQueue, manager.q)
    await nap(200)
  }
  return {stepBacks, longestQueue}
}

/** The real command. One that does not end is told to after three minutes, by its pid, and killed 5 s later. */
async function scram(args, env) {
  const child = spawn(join(root, 'bin/scram'), args, {env: {PATH: process.env.PATH, ...env}, stdio: ['ignore', 'pipe', 'pipe']})
  const text = {stdout: '', stderr: ''}
  for (const name of ['stdout', 'stderr']) child[name].on('data', chunk => (text[name] = `${text[name]}${chunk}`.slice(-65_536)))
  const interrupt = () => child.kill('SIGINT')
  const timers = [setTimeout(interrupt, LONGEST_OUT_MS), setTimeout(() => child.kill('SIGKILL'), LONGEST_OUT_MS + 5000)]
  stop.signal.addEventListener('abort', interrupt)
  const [code, signal] = await once(child, 'close')
  stop.signal.removeEventListener('abort', interrupt)
  timers.forEach(clearTimeout)
  return {exit: code ?? signal, ...text}
}

function verdict(held, isBusy) {
  if (held) return isBusy ? 'held, on a busy machine' : 'held'
  return isBusy ? 'says nothing: the machine is too busy' : 'MISSED'
}

function print(name, ...cells) {
  const columns = cells.map((cell, i) => String(cell).padStart(WIDTHS[i] ?? 0)).join('')
  process.stdout.write(`${`${name.padEnd(23)}${columns}`.trimEnd()}\n`)
}

/**
 * `scram update` with 500 past incidents: from one more update to the page on disk, read back, by the action the command
 * itself calls, on a scram.yaml with 40 components and a target.
 *   node bench/page.mjs
 * Each round is a process of its own, as a command is: nothing is warm. Loading of code and of scram.yaml is shown apart.
 * Target: ≤ 200 ms. The second figure is without what publishing remembers (a new target, a changed scram.yaml, an upgrade).
 */
import {spawnSync} from 'node:child_process'
import {closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'

const HISTORY = 500
const ROUNDS = 8
const TARGET_MS = 200
/** A file that was read sooner after it was written than this is read again. */
const SETTLED_MS = 3500
const COMPONENTS = Array.from({length: 40}, (_, i) => `part-${i}`)
const NOW = Date.now()

const [mode, given] = process.argv.slice(2)
if (mode === 'round') process.stdout.write(JSON.stringify(await round(given)))
else await main()

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'scram-bench-page-'))
  try {
    await writeHistory(folder)
    inProcess(folder)
    await sleep(SETTLED_MS)
    inProcess(folder)
    const rounds = Array.from({length: ROUNDS}, () => inProcess(folder))
    const anew = Array.from({length: ROUNDS / 2}, () => {
      for (const file of ['page-memo', 'page-seen']) rmSync(join(folder, 'home', file), {force: true})
      return inProcess(folder)
    })
    process.stdout.write(`${HISTORY} past incidents, one update; medians of ${rounds.length} processes, and of ${anew.length} that remember nothing\n`)
    for (const part of ['load', 'workspace', 'record', 'fold', 'publish', 'rest', 'total', 'cpu']) {
      const [usual, bare] = [rounds, anew].map(each => median(each.map(one => one[part])).toFixed(1))
      process.stdout.write(`${part.padEnd(24)} ${usual.padStart(7)} ms ${bare.padStart(7)} ms\n`)
    }
    process.stdout.write(`${'bare write and fsync'.padEnd(24)} ${bareFsyncMs(folder).toFixed(1).padStart(7)} ms\n`)
    const total = median(rounds.map(each => each.total))
    process.stdout.write(`event to files: ${total.toFixed(0)} ms, target ${TARGET_MS} ms\n`)
    process.exitCode = total > TARGET_MS ? 1 : 0
  } finally {
    rmSync(folder, {recursive: true})
  }
}

function inProcess(folder) {
  const {stdout, stderr} = spawnSync(process.execPath, [import.meta.filename, 'round', folder], {encoding: 'utf8'})
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

/** One update of the open incident. `total` is the action, from the call to its answer; `cpu` that of the main thread in it. */
async function round(folder) {
  const times = {}
  const timed = async (name, work) => {
    const before = performance.now()
    try {
      return await work()
    } finally {
      times[name] = (times[name] ?? 0) + performance.now() - before
    }
  }
  const {desk, postUpdate} = await timed('load', () => open(folder, timed))
  await timed('workspace', () => desk.workspace())
  const journal = await desk.journal()
  const cpu = process.threadCpuUsage()
  times.fold = 0
  times.record = 0
  const {undelivered} = await timed('total', () => postUpdate(desk, {text: `Update at ${performance.now()}.`, status: 'identified'}))
  const used = process.threadCpuUsage(cpu)
  if (undelivered.length > 0) throw new Error(undelivered.join('\n'))
  const [receipt] = await journal.events({kinds: ['page.published'], last: 1})
  await desk.close()
  const {total, record, fold} = times
  const publish = receipt.data.ms
  return {...times, publish, rest: total - record - fold - publish, cpu: (used.user + used.system) / 1000}
}

/** The desk of the command line, its journal timed. */
async function open(folder, timed) {
  process.env.SCRAM_HOME = join(folder, 'home')
  process.env.SCRAM_WORKSPACE = join(folder, 'site')
  const [{makeDesk}, {postUpdate}] = await Promise.all(
    [
      'cli/desk.ts',
      'actions/post-update.ts',
      'actions/follow-page.ts',
      'actions/publish-page.ts',
      'actions/recorded-before.ts',
      'config/open-workspace.ts',
      'journal/open-journal.ts',
    ].map(each => import(`../src/${each}`)),
  )
  const desk = makeDesk({json: true, narrate: () => undefined})
  const journal = await desk.journal()
  const parts = {append: 'record', decide: 'record', fold: 'fold', foldAll: 'fold', incidents: 'fold', arrivals: 'fold'}
  for (const [name, part] of Object.entries(parts)) {
    const whole = journal[name]?.bind(journal)
    if (whole) journal[name] = (...input) => timed(part, () => whole(...input))
  }
  return {desk: {...desk, build: () => 'bench'}, postUpdate}
}

/** Half a year and more of incidents of seven events, and one that is open. */
async function writeHistory(folder) {
  mkdirSync(join(folder, 'site'))
  writeFileSync(join(folder, 'site/scram.yaml'), workspace(folder))
  const {desk} = await open(folder, (_, work) => work())
  const journal = await desk.journal()
  for (let i = 0; i < HISTORY; i++) {
    const start = NOW - (HISTORY - i) * 9 * 3_600_000
    const at = minutes => new Date(start + minutes * 60_000).toISOString()
    const component = `part-${i % 40}`
    await journal.append(`past-${i}`, [
      {kind: 'incident.opened', at: at(0), data: {title: `Requests to part ${i % 40} fail`, severity: 'SEV2'}},
      {kind: 'component.set', at: at(0), data: {component, status: 'partial_outage'}},
      {...updateOf(1, 'investigating', `We are looking into errors of part ${i % 40}, seen since ${at(0)}.`, {[component]: 'partial_outage'}), at: at(3)},
      {...updateOf(2, 'monitoring', 'A bad release was taken back; errors fall.', {[component]: 'partial_outage'}), at: at(20)},
      {kind: 'component.set', at: at(31), data: {component, status: 'operational'}},
      {...updateOf(3, 'resolved', 'All requests succeed again.'), at: at(40)},
      {kind: 'incident.resolved', at: at(40), data: {}},
    ])
  }
  await journal.append('0314-open', [
    {kind: 'incident.opened', data: {title: 'HTTP routing errors', severity: 'SEV1'}},
    {kind: 'component.set', data: {component: 'part-1', status: 'major_outage'}},
    updateOf(1, 'investigating', 'We are looking into it.', {'part-1': 'major_outage'}),
  ])
  await desk.close()
}

/** With the status of every component, as a command records it. */
function updateOf(number, status, body, impaired = {}) {
  return {kind: 'update.posted', data: {number, status, body, components: {...Object.fromEntries(COMPONENTS.map(id => [id, 'operational'])), ...impaired}}}
}

function workspace(folder) {
  const components = COMPONENTS.map(id => `  ${id}: {name: ${id.replace('part-', 'Part ')}}\n`)
  return `scram: 1
page: {name: Example Cloud, url: "https://status.example.com"}
components:
${components.join('')}targets: [{id: disk, kind: directory, path: ${join(folder, 'www')}, url: "https://status.example.com"}]
`
}

function bareFsyncMs(folder) {
  const times = Array.from({length: 20}, (_, i) => {
    const before = performance.now()
    const file = openSync(join(folder, `bare-${i}`), 'w')
    writeSync(file, 'x'.repeat(4096))
    fsyncSync(file)
    closeSync(file)
    return performance.now() - before
  })
  return median(times)
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

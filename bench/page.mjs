/**
 * From one more update in the journal to the page on disk, read back, with 500 past incidents.
 *   node bench/page.mjs
 * Each round is a process of its own, as a command is: nothing is warm. Loading of code is shown apart. Target: ≤ 200 ms.
 */
import {spawnSync} from 'node:child_process'
import {closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

const HISTORY = 500
const ROUNDS = 9
const TARGET_MS = 200
const COMPONENTS = Array.from({length: 40}, (_, i) => ({id: `part-${i}`, name: `Part ${i}`, kind: 'service', isPublic: true}))
const NOW = '2026-03-14T09:41:00.000Z'

const [mode, given] = process.argv.slice(2)
if (mode === 'round') process.stdout.write(JSON.stringify(await round(given)))
else await main()

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'scram-bench-page-'))
  try {
    await writeHistory(folder)
    const rounds = Array.from({length: ROUNDS}, () => {
      const {stdout, stderr} = spawnSync(process.execPath, [import.meta.filename, 'round', folder], {encoding: 'utf8'})
      if (stdout === '') throw new Error(stderr)
      return JSON.parse(stdout)
    }).slice(1)
    const {files, written} = rounds[0]
    process.stdout.write(`${HISTORY} past incidents, ${files} files, ${written} written for one update; medians of ${rounds.length} processes\n`)
    for (const part of ['load', 'append', 'fold', 'model', 'build', 'publish', 'total'])
      process.stdout.write(
        `${part.padEnd(24)} ${median(rounds.map(each => each[part]))
          .toFixed(1)
          .padStart(7)} ms\n`,
      )
    process.stdout.write(`${'bare write and fsync'.padEnd(24)} ${bareFsyncMs(folder).toFixed(1).padStart(7)} ms\n`)
    const total = median(rounds.map(each => each.total))
    process.stdout.write(`event to files: ${total.toFixed(0)} ms, target ${TARGET_MS} ms\n`)
    process.exitCode = total > TARGET_MS ? 1 : 0
  } finally {
    rmSync(folder, {recursive: true})
  }
}

/** One update of the open incident, as `scram update` has it published. `total` is append to read-back, without `load`. */
async function round(folder) {
  const parts = {}
  const timed = async (name, work) => {
    const before = performance.now()
    const result = await work()
    parts[name] = performance.now() - before
    return result
  }
  const {journal, projections, page} = await timed('load', () => open(folder))
  const before = performance.now()
  const number = Math.round(before * 1000)
  await timed('append', () => journal.append('0314-open', [updateOf(number, 'identified', `Update of ${number}.`)]))
  const {revision, incidents} = await timed('fold', async () => {
    const board = await journal.fold(projections.boardProjection)
    const ids = await journal.incidents()
    return {revision: board.page.revision, incidents: await journal.foldAll(ids.map(({id}) => projections.incidentProjection(id)))}
  })
  const model = await timed('model', () => page.pageModel({...site(), incidents, revision, day: NOW.slice(0, 10), stopped: false}))
  const files = await timed('build', () => page.buildPage(model))
  const result = await timed('publish', () => page.publishToDirectory(files, {path: join(folder, 'www'), revision}))
  parts.total = performance.now() - before
  if (!result.published) throw new Error(result.reason)
  await journal.close()
  return {...parts, files: files.size, written: result.written}
}

async function open(folder) {
  const [{openJournal}, {systemClock}, {makeIds}, {randomBytes}, projections, model, build, directory] = await Promise.all([
    import('../src/journal/open-journal.ts'),
    import('../src/lib/clock.ts'),
    import('../src/lib/ids.ts'),
    import('../src/lib/random.ts'),
    import('../src/incident/projections.ts'),
    import('../src/page/model.ts'),
    import('../src/page/build.ts'),
    import('../src/page/targets/directory.ts'),
  ])
  const journal = await openJournal({
    home: join(folder, 'home'),
    clock: systemClock,
    ids: makeIds(randomBytes),
    actor: {name: 'bench', kind: 'person'},
    redact: value => value,
    emergencyFolders: [],
  })
  return {journal, projections, page: {...model, ...build, ...directory}}
}

/** Half a year and more of incidents of seven events, and one that is open; published once, so that their pages are there. */
async function writeHistory(folder) {
  const {journal} = await open(folder)
  for (let i = 0; i < HISTORY; i++) {
    const start = Date.parse('2025-09-01') + i * 9 * 3_600_000
    const at = minutes => new Date(start + minutes * 60_000).toISOString()
    const component = `part-${i % 40}`
    await journal.append(`past-${i}`, [
      {kind: 'incident.opened', at: at(0), data: {title: `Requests to part ${i % 40} fail`, severity: 'SEV2'}},
      {kind: 'component.set', at: at(0), data: {component, status: 'partial_outage'}},
      {...updateOf(1, 'investigating', `We are looking into errors of part ${i % 40}, seen since ${at(0)}.`), at: at(3)},
      {...updateOf(2, 'monitoring', 'A bad release was taken back; errors fall.'), at: at(20)},
      {kind: 'component.set', at: at(31), data: {component, status: 'operational'}},
      {...updateOf(3, 'resolved', 'All requests succeed again.'), at: at(40)},
      {kind: 'incident.resolved', at: at(40), data: {}},
    ])
  }
  await journal.append('0314-open', [
    {kind: 'incident.opened', at: NOW, data: {title: 'HTTP routing errors', severity: 'SEV1'}},
    {kind: 'component.set', at: NOW, data: {component: 'part-1', status: 'major_outage'}},
    {...updateOf(1, 'investigating', 'We are looking into it.'), at: NOW},
  ])
  await journal.close()
}

function updateOf(number, status, body) {
  return {kind: 'update.posted', data: {number, status, body, components: {}}}
}

function site() {
  return {page: {name: 'Example Cloud', url: 'https://status.example.com'}, groups: [], components: COMPONENTS}
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

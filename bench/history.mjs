// Bare `scram` with 1,000,000 events in the journal against the same with 1,000: pairs A B A B, median of 20.
// `node build.mjs && node bench/history.mjs [events]`; making the large history takes about a minute.
import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {openJournal} from '../src/journal/open-journal.ts'
import {systemClock} from '../src/lib/clock.ts'
import {makeIds} from '../src/lib/ids.ts'
import {randomBytes} from '../src/lib/random.ts'

const PAIRS = 20
const BATCH = 2000
const BUDGET = 1.1
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const events = Number(process.argv[2] ?? 1_000_000)
const base = mkdtempSync(join(tmpdir(), 'scram-bench-history-'))

try {
  const homes = [await history('small', 1000), await history('large', events)]
  for (const home of [...homes, ...homes]) status(home)
  const times = homes.map(() => [])
  for (let pair = 0; pair < PAIRS; pair++) for (const [i, home] of homes.entries()) times[i].push(status(home))
  const [small, large] = times.map(median)
  console.log(
    `bare scram, ${events} events ${large.toFixed(1)} ms against 1000 events ${small.toFixed(1)} ms: ×${(large / small).toFixed(2)}, budget ×${BUDGET}`,
  )
} finally {
  rmSync(base, {recursive: true, force: true})
}

async function history(name, count) {
  const home = join(base, name)
  const ids = makeIds(randomBytes)
  const journal = await openJournal({home, clock: systemClock, ids, actor: {name: 'bench', kind: 'person'}, redact: value => value})
  const incident = ids.incident(Date.now())
  await journal.append(incident, [{kind: 'incident.opened', data: {title: 'A long one', severity: 'SEV2'}}])
  for (let made = 1; made < count; made += BATCH) {
    const size = Math.min(BATCH, count - made)
    await journal.append(
      incident,
      Array.from({length: size}, (_, i) => ({kind: 'note.added', data: {noteKind: 'note', text: `note ${made + i}`}})),
    )
  }
  await journal.close()
  return home
}

function status(home) {
  const started = performance.now()
  const {status: code, stderr} = spawnSync(join(root, 'bin/scram'), [], {
    env: {PATH: process.env.PATH, HOME: base, SCRAM_HOME: home},
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  })
  if (code !== 0) throw new Error(stderr)
  return performance.now() - started
}

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]
}

// From a recorded update to files on disk, read back, with 500 incidents of history: node bench/page.mjs
// Budget: at most 200 ms (docs: performance). Printed: the first publication of a fresh process (what a command pays, code
// not yet warm) and the median of later ones; beside them a bare fsync of this disk, because that part is the disk's.
import {mkdtemp, open, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

const HISTORY = 500
const ROUNDS = 15
const BUDGET_MS = 200

const folder = await mkdtemp(join(tmpdir(), 'scram-bench-page-'))
try {
  const incidents = Array.from({length: HISTORY}, (_, i) => incident(i))
  const path = join(folder, 'www')

  const loadMs = await timed(() => load())
  const {pageModel, buildPage, publishToDirectory} = await load()
  const publish = async (revision, list) => {
    const files = buildPage(pageModel({...platform(), incidents: list, revision, day: '2026-03-14', stopped: false}))
    const result = await publishToDirectory(files, {path, revision})
    if (!result.published) throw new Error(result.reason)
    return result
  }

  // The history is on disk already when the update comes: written by this same process only where it is not a fresh one.
  if (process.argv[2] === 'one') {
    process.stdout.write(`${JSON.stringify({loadMs, ms: await timed(() => publish(2, withUpdate(incidents, 1), process.argv[3]))})}\n`)
  } else {
    const emptyMs = await timed(() => publish(1, incidents))
    const later = []
    for (let round = 0; round < ROUNDS; round++) later.push(await timed(() => publish(round + 2, withUpdate(incidents, round + 1))))
    const result = await publish(ROUNDS + 2, withUpdate(incidents, ROUNDS + 1))
    const fresh = await freshProcess(path)
    const fsyncMs = await bareFsync(folder)
    console.log(`${HISTORY} incidents, ${result.files} files, ${result.written} written for one update`)
    console.log(`first publication, empty folder    ${emptyMs.toFixed(0)} ms`)
    console.log(`one update, warm, median of ${ROUNDS}     ${median(later).toFixed(0)} ms`)
    console.log(`one update, fresh process          ${fresh.ms.toFixed(0)} ms + ${fresh.loadMs.toFixed(0)} ms to load the room (budget ${BUDGET_MS} ms)`)
    console.log(`bare write + fsync of one file     ${fsyncMs.toFixed(2)} ms`)
    if (fresh.ms + fresh.loadMs > BUDGET_MS) process.exitCode = 1
  }
} finally {
  await rm(folder, {recursive: true, force: true})
}

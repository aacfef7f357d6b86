/**
 * Durable appends a second: `journal.append` against bare node:sqlite in the same run, same settings, same bytes.
 *   node bench/append.mjs [count]
 * Rounds alternate, the median counts: a shared disk is never the same twice. Target: ratio ≥ 0.8.
 */
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {openJournal} from '../src/journal/open-journal.ts'
import {SCHEMA} from '../src/journal/sqlite-schema.ts'
import {systemClock} from '../src/lib/clock.ts'
import {makeIds} from '../src/lib/ids.ts'
import {randomBytes} from '../src/lib/random.ts'

const COUNT = Number(process.argv[2] ?? 2000)
const ROUNDS = 7
const TEXT = 'the routers answer again, error rate falls below one in a thousand; still watching the build queue'
const folder = mkdtempSync(join(tmpdir(), 'scram-bench-'))

const ids = makeIds(randomBytes)
const journal = await openJournal({
  home: join(folder, 'home'),
  clock: systemClock,
  ids,
  actor: {name: 'bench', kind: 'person'},
  redact: value => value,
  emergencyFolders: [],
})
const [sample] = await journal.append('0607-bench', [{kind: 'note.added', data: {noteKind: 'note', text: TEXT}}])
const record = JSON.stringify(sample)

const open = name => {
  const database = new DatabaseSync(join(folder, name), {timeout: 5000})
  database.exec('pragma journal_mode = wal; pragma synchronous = full')
  return database
}
const plain = open('plain.db')
plain.exec('create table event (n integer primary key, record text not null) strict')
const insertPlain = plain.prepare('insert into event (record) values (?)')
const indexed = open('indexed.db')
indexed.exec(SCHEMA)
const insertIndexed = indexed.prepare(
  'insert into event (id, incident, origin, epoch, seq, hash, hlc_ms, hlc_n, kind, run, record, sum) values (?, ?, ?, 1, ?, ?, ?, 0, ?, null, ?, 0)',
)
let seq = 0

const contenders = {
  'one table, no index': () => insertPlain.run(record),
  'our table and indexes': () =>
    insertIndexed.run(ids.uuid(Date.now()), '0607-bench', 'abcdef0123456789', ++seq, sample.hash, Date.now(), 'note.added', record),
  'journal.append': () => journal.append('0607-bench', [{kind: 'note.added', data: {noteKind: 'note', text: TEXT}}]),
}
const rates = Object.fromEntries(Object.keys(contenders).map(name => [name, []]))
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, append] of Object.entries(contenders)) {
    const before = performance.now()
    for (let i = 0; i < COUNT; i += 1) await append()
    if (round > 0) rates[name].push((COUNT / (performance.now() - before)) * 1000)
  }
}
const median = values => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]
const ours = median(rates['journal.append'])
for (const name of Object.keys(contenders)) {
  const rate = median(rates[name])
  process.stdout.write(`${name.padEnd(24)} ${rate.toFixed(0).padStart(7)}/s   journal.append is ${(ours / rate).toFixed(2)}x\n`)
}
await journal.close()
rmSync(folder, {recursive: true})

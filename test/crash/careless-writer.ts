/** The control of the power cuts: the same engine with `synchronous=NORMAL`, which must be seen to lose what it said was there. */
import {mkdirSync, writeSync} from 'node:fs'
import {dirname} from 'node:path'
import {DatabaseSync} from 'node:sqlite'

const [file = '', count] = process.argv.slice(2)
mkdirSync(dirname(file))
const database = new DatabaseSync(file)
database.exec('pragma journal_mode = wal; pragma synchronous = normal; create table event (id text primary key) strict')
const insert = database.prepare('insert into event (id) values (?)')
for (let i = 0; i < Number(count); i += 1) {
  insert.run(`id-${i}`)
  writeSync(1, `ack id-${i}\n`)
}
database.close()

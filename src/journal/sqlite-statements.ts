import type {Scan} from './store.ts'

const KEY = 'hlc_ms, hlc_n, origin, epoch, seq'
const ROW = `id, incident, origin, epoch, seq, hash, hlc_ms, hlc_n, kind, run, record, sum`

const TIMER = `id, state, origin, incident, what, due_ms, ${KEY.replace('origin', 'by_origin')}, owner, fence, claimed_until_ms`

/** Every fixed statement of the store; each is prepared when first used. */
export const SQL = {
  begin: 'begin',
  beginImmediate: 'begin immediate',
  commit: 'commit',
  rollback: 'rollback',
  busyTimeout: 'pragma busy_timeout',
  dataVersion: 'pragma data_version',
  meta: 'select origin, epoch, machine from meta',
  setMeta: 'insert into meta (one, origin, epoch, machine) values (1, ?, ?, ?) on conflict do update set origin = excluded.origin, epoch = excluded.epoch, machine = excluded.machine',
  byId: `select ${ROW} from event where id = ?`,
  byPlace: `select ${ROW} from event where origin = ? and epoch = ? and seq = ?`,
  head: 'select origin, epoch, seq, hash, hlc_ms, hlc_n from event where origin = ? and epoch = ? order by seq desc limit 1',
  // A loose scan: one seek per stream instead of reading every row.
  heads: `with recursive place(origin, epoch) as (
      select * from (select origin, epoch from event order by origin, epoch limit 1)
      union all
      select (select e.origin from event e where (e.origin, e.epoch) > (place.origin, place.epoch) order by e.origin, e.epoch limit 1),
             (select e.epoch from event e where (e.origin, e.epoch) > (place.origin, place.epoch) order by e.origin, e.epoch limit 1)
      from place where place.origin is not null
    )
    select origin, epoch, (select max(seq) from event e where e.origin = place.origin and e.epoch = place.epoch) as seq from place where origin is not null`,
  tip: `select m.origin, m.epoch, h.seq, h.hash, h.hlc_ms, h.hlc_n, l.hlc_ms as newest_ms, l.hlc_n as newest_n from meta m
    left join event h on h.n = (select n from event where origin = m.origin and epoch = m.epoch order by seq desc limit 1)
    left join event l on l.n = (select n from event order by hlc_ms desc, hlc_n desc limit 1)`,
  latestHlc: 'select hlc_ms, hlc_n from event where hlc_ms <= ? order by hlc_ms desc, hlc_n desc limit 1',
  stream: `select ${ROW} from event where origin = ? and epoch = ? and seq >= ? order by seq`,
  table: `select ${ROW} from event not indexed order by n`,
  newestArrival: 'select n, id from event order by n desc limit 1',
  arrival: 'select id from event where n = ?',
  arrivedAfter: 'select incident, count(*) as records from event where n > ? group by incident',
  insert: `insert into event (${ROW}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  snapshot: `select version, incident, ${KEY}, state, sum from snapshot where name = ? and key = ?`,
  saveSnapshot: `insert or replace into snapshot (name, key, version, incident, ${KEY}, state, sum) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  dropSnapshots: `delete from snapshot where (${KEY}) >= (?, ?, ?, ?, ?) and (incident is null or incident = ?)`,
  lease: 'select name, holder, fence, expires_ms from lease where name = ?',
  saveLease: 'insert or replace into lease (name, holder, fence, expires_ms) values (?, ?, ?, ?)',
  timer: `select ${TIMER} from timer where id = ?`,
  timers: `select ${TIMER} from timer order by due_ms, id`,
  dueTimers: `select ${TIMER} from timer where state = 'set' and due_ms <= ? and origin = ? order by due_ms, id limit ?`,
  saveTimer: `insert or replace into timer (${TIMER}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  dropTimers: 'delete from timer',
  stopped: 'select origin, epoch, seq, state, reason, detail, digest, file, claimed from stream order by origin, epoch, seq',
  saveStopped: 'insert or replace into stream (origin, epoch, seq, state, reason, detail, digest, file, claimed) values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  forgetStopped: 'delete from stream where origin = ? and epoch = ? and seq = ?',
  applying: 'select origin, epoch, seq, tries from applying where origin = ? and epoch = ?',
  saveApplying: 'insert or replace into applying (origin, epoch, seq, tries) values (?, ?, ?, ?)',
  forgetApplying: 'delete from applying where origin = ? and epoch = ?',
  selfCheck: 'pragma integrity_check(1)',
  readSnapshots: 'select sum(length(state)) from snapshot',
  count: 'select count(*) as n from event not indexed',
} as const // biome-ignore format: a statement a line

/** A whole id needs no search. */
const WHOLE_ID = 36

/**
 * The statement of a scan and its parameters. The kinds are a filter, not a way to find rows, wherever something narrower
 * is given: SQLite would else sort what the index has in order.
 */
export function scanSql({after, incident, run, kinds, last, idPart, incidentPart}: Scan): {readonly sql: string; readonly values: (string | number)[]} {
  const where: string[] = []
  const values: (string | number)[] = []
  const add = (condition: string, ...bound: (string | number)[]) => {
    where.push(condition)
    values.push(...bound)
  }
  if (incident === null) add('incident is null')
  else if (incident !== undefined) add('incident = ?', incident)
  if (run !== undefined) add('run = ?', run)
  const isNarrow = incident !== undefined || run !== undefined
  if (idPart !== undefined) {
    if (idPart.length === WHOLE_ID) add('id = ?', idPart)
    else add(isNarrow ? 'instr(id, ?) > 0' : 'n in (select n from event where instr(id, ?) > 0)', idPart)
  }
  if (incidentPart !== undefined) add('instr(incident, ?) > 0', incidentPart)
  if (kinds?.length === 1 && !isNarrow) add('kind = ?', kinds[0] ?? '')
  else if (kinds) add(`${isNarrow ? '+' : ''}kind in (select value from json_each(?))`, JSON.stringify(kinds))
  if (after) add(`(${KEY}) > (?, ?, ?, ?, ?)`, ...after)
  const down = last === undefined ? '' : ' desc'
  const order = KEY.split(', ').map(column => column + down)
  if (last !== undefined) values.push(last)
  const sql = `select ${KEY}, kind, record, sum from event${where.length > 0 ? ` where ${where.join(' and ')}` : ''} order by ${order.join(', ')}${down && ' limit ?'}`
  return {sql, values}
}

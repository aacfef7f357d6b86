/** `scrm`: tells `file(1)`, and us, whose database this is. */
export const APPLICATION_ID = 0x7363726d
/** Changes are additive, so that an older scram can still append: raised only with a new column or table. */
export const SCHEMA_VERSION = 2

/**
 * Where each timer stands, projected from `timer.*` (`timers.ts`), and who is at it. The row named '' says that the file is
 * older than this table: it is filled before it is looked at.
 */
export const TIMER_TABLE = `
create table timer (
  id text primary key,
  state text not null,
  origin text not null,
  incident text,
  what text not null,
  due_ms integer not null,
  hlc_ms integer not null,
  hlc_n integer not null,
  by_origin text not null,
  epoch integer not null,
  seq integer not null,
  owner text not null,
  fence integer not null,
  claimed_until_ms integer not null
) strict, without rowid;
create index timer_due on timer (due_ms) where state = 'set';
`

/**
 * A row keeps the record's canonical text; the columns beside it are derived from it, to find it by, and `verify` compares
 * them. Indexes end in the whole order key: a scan in record order never sorts, and never holds more than a row.
 */
export const SCHEMA = `
create table meta (
  one integer primary key check (one = 1),
  origin text not null,
  epoch integer not null,
  machine text not null
) strict;
create table event (
  n integer primary key,
  id text not null unique,
  incident text,
  origin text not null,
  epoch integer not null,
  seq integer not null,
  hash text not null,
  hlc_ms integer not null,
  hlc_n integer not null,
  kind text not null,
  run text,
  record text not null,
  sum integer not null,
  unique (origin, epoch, seq)
) strict;
create index event_order on event (hlc_ms, hlc_n, origin, epoch, seq);
create index event_incident on event (incident, hlc_ms, hlc_n, origin, epoch, seq);
create index event_run on event (run, hlc_ms, hlc_n, origin, epoch, seq) where run is not null;
create index event_kind on event (kind, hlc_ms, hlc_n, origin, epoch, seq);
create table snapshot (
  name text not null,
  key text not null,
  version integer not null,
  incident text,
  hlc_ms integer not null,
  hlc_n integer not null,
  origin text not null,
  epoch integer not null,
  seq integer not null,
  state text not null,
  sum integer not null,
  primary key (name, key)
) strict;
create index snapshot_cursor on snapshot (hlc_ms, hlc_n);
create table lease (
  name text primary key,
  holder text not null,
  fence integer not null,
  expires_ms integer not null
) strict, without rowid;
create table stream (
  origin text not null,
  epoch integer not null,
  seq integer not null,
  state text not null,
  reason text not null,
  detail text not null,
  digest text not null,
  file text not null,
  claimed text not null,
  primary key (origin, epoch, seq)
) strict, without rowid;
create table applying (
  origin text not null,
  epoch integer not null,
  seq integer not null,
  tries integer not null,
  primary key (origin, epoch)
) strict, without rowid;
${TIMER_TABLE}
pragma application_id = ${APPLICATION_ID};
pragma user_version = ${SCHEMA_VERSION};
`

/** What a file of version 1 lacks. */
export const UPGRADE = `
${TIMER_TABLE}
insert into timer values ('', 'set', '', null, '', 0, 0, 0, '', 0, 0, '', 0, 0);
pragma user_version = ${SCHEMA_VERSION};
`

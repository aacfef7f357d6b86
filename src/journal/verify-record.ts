import {canonicalJson} from '../lib/canonical.ts'
import {GENESIS, hashOf} from './chain.ts'
import {diskEvidence, diskProblem} from './disk-problem.ts'
import type {Flaw, Head, Verified} from './journal.ts'
import {runOf} from './record-drafts.ts'
import type {Reading, Row, StoppedStream} from './store.ts'

/**
 * Walks every stream from its first record: canonical text, hash, link to the record before, and each derived column. The
 * first flaw of a stream is named. A chain alone shows edits, not a cut-off tail or a full rewrite: heads noted elsewhere
 * (`known`: an export, a page's manifest, a draft) show those.
 */
export function verifyRecord(reading: Reading, known: readonly Head[]): Verified {
  const heads = reading.heads()
  const skipped = reading.stopped().filter(({state}) => state === 'skipped')
  const walks = heads.map(head => walk(reading, head, skipped))
  const events = walks.reduce((sum, {count}) => sum + count, 0)
  const flaws = walks.flatMap(({flaw}) => flaw ?? [])
  for (const head of known) {
    const flaw = compareHead(reading, head)
    if (flaw && !flaws.some(({origin, epoch}) => origin === flaw.origin && epoch === flaw.epoch)) flaws.push(flaw)
  }
  const rows = reading.count()
  const selfCheck = reading.selfCheck()
  // Neither belongs to one stream; an index that lies hides records that are all there.
  if (flaws.length === 0 && rows !== events) flaws.push(ofTheFile(`${rows} rows are stored, ${events} are found by their place`))
  if (flaws.length === 0 && selfCheck !== null) flaws.push(ofTheFile(selfCheck))
  return {ok: flaws.length === 0, events, heads, flaws}
}

function ofTheFile(problem: string): Flaw {
  return {origin: '', epoch: 0, seq: 0, problem}
}

interface Walk {
  readonly count: number
  readonly flaw?: Flaw
}

function walk(reading: Reading, {origin, epoch, seq: end}: Head, marks: readonly StoppedStream[]): Walk {
  const skipped = new Map(marks.filter(mark => mark.origin === origin && mark.epoch === epoch).map(mark => [mark.seq, mark]))
  let seq = 1
  let prev: string | undefined = GENESIS
  let count = 0
  const flawed = (problem: string): Walk => ({count, flaw: {origin, epoch, seq, problem}})
  try {
    for (const row of reading.stream(origin, epoch, 1)) {
      for (let mark = skipped.get(seq); mark && row.seq > seq; mark = skipped.get(seq)) {
        prev = mark.claimed || undefined // undefined: nobody knows what it should have been
        seq += 1
      }
      if (row.seq !== seq) return flawed(row.seq > seq ? 'the record is missing' : `out of place: ${row.seq}`)
      const problem = problemOf(row, prev) ?? (row.isWhole ? undefined : 'the checksum beside it was changed')
      if (problem) return flawed(problem)
      prev = row.hash
      seq += 1
      count += 1
    }
  } catch (error) {
    if (!diskProblem(error)) throw error
    return flawed(`unreadable (${diskEvidence(error)})`)
  }
  return seq > end ? {count} : flawed('the record is missing: an index knows more')
}

/** Undefined: the row is what it was when it was chained. */
export function problemOf(row: Row, prev: string | undefined): string | undefined {
  let record: Record<string, unknown>
  try {
    record = JSON.parse(row.record) as Record<string, unknown> // told apart below
    if (canonicalJson(record) !== row.record) return 'the text is not canonical: it was edited'
  } catch {
    return 'the text is not JSON any more'
  }
  if (hashOf(record) !== record['hash']) return 'the hash does not fit the text: it was edited'
  if (prev !== undefined && record['prev'] !== prev) return 'it does not follow the record before it'
  const wrong = Object.entries(derivedFrom(record)).find(([name, value]) => canonicalJson(value) !== canonicalJson(row[name as keyof Row])) // its own keys
  return wrong && `the column ${wrong[0]} does not agree with the text`
}

/** What the columns beside the text must say. */
function derivedFrom(record: Record<string, unknown>): Omit<Row, 'record'> {
  const {id, incident, origin, epoch, seq, hash, hlc, kind, data} = record as unknown as Omit<Row, 'record'> & {data: unknown} // the hash vouches
  return {id, incident, origin, epoch, seq, hash, hlc, kind, run: runOf(data)}
}

function compareHead(reading: Reading, {origin, epoch, seq, hash}: Head): Flaw | undefined {
  const row = reading.byPlace(origin, epoch, seq)
  if (row?.hash === hash) return undefined
  const here = reading.head(origin, epoch)?.seq ?? 0
  if (row) return {origin, epoch, seq, problem: 'another record stands where the known head was: the history was rewritten'}
  return {origin, epoch, seq: here + 1, problem: `the end is missing: the record is known to reach ${seq}, here it ends at ${here}`}
}

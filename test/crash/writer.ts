/**
 * A process that uses the journal as told in its one argument, and dies as told by others. It says each acknowledgement
 * aloud (`id text`), synchronously and only after `append` resolved: what stands on its stdout must never be lost.
 */
import {writeSync} from 'node:fs'
import {openJournal} from '../../src/journal/open-journal.ts'
import {systemClock} from '../../src/lib/clock.ts'
import {makeIds} from '../../src/lib/ids.ts'
import {randomBytes} from '../../src/lib/random.ts'

export interface Orders {
  readonly home: string
  readonly folders: readonly string[]
  readonly tag: string
  /** Appends so many; absent: until killed. */
  readonly count?: number
  /** Bytes of text in each. */
  readonly bytes?: number
  /** Takes this lease first, and keeps it. */
  readonly lease?: string
  /** Prints every text and trouble at the end. */
  readonly report?: boolean
}

const {home, folders, tag, count = Number.POSITIVE_INFINITY, bytes = 20, report, lease} = JSON.parse(process.argv[2] ?? '{}') as Orders
const say = (line: string) => writeSync(1, `${line}\n`)

const journal = await openJournal({
  home,
  clock: systemClock,
  ids: makeIds(randomBytes),
  actor: {name: tag, kind: 'person'},
  redact: value => value,
  emergencyFolders: folders,
  lastResort: say,
})
say('ready')
if (lease !== undefined && !(await journal.lease(lease)).held) throw new Error('somebody has the lease')
for (let i = 0; i < count; i += 1) {
  const text = `${tag}-${i} `.padEnd(bytes, '.')
  const [event] = await journal.append(i % 3 ? '0607-a' : null, [{kind: 'note.added', data: {noteKind: 'note', text}}])
  say(`ack ${event?.id}`)
}
if (report) {
  const events = await journal.events()
  say(JSON.stringify({events: events.map(({id}) => id), trouble: journal.trouble().map(({code}) => code)}))
}
await journal.close()

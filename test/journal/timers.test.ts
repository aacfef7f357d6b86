import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {DatabaseSync} from 'node:sqlite'
import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import type {Draft} from '../../src/incident/events.ts'
import {MemoryStore} from '../../src/journal/memory-store.ts'
import {openJournal} from '../../src/journal/open-journal.ts'
import {openMemoryJournal} from '../../src/journal/open-memory-journal.ts'
import type {Row} from '../../src/journal/store.ts'
import {projectTimer, rebuildTimers} from '../../src/journal/timers.ts'
import {HandClock, note, scratch, testKeeper} from './test-keeper.ts'

const DUE = '2012-06-07T15:52:41.000Z'
const set = (timer: string, due = DUE): Draft => ({kind: 'timer.set', data: {timer, what: 'retry', due}})
const fired = (timer: string): Draft => ({kind: 'timer.fired', data: {timer, lateMs: 0}})

describe('the table of timers', () => {
  it('is the same in whatever order the records arrive, and when it is built anew', async () => {
    const event = fc.constantFrom<Draft>(set('a'), set('b'), set('a', '2012-06-07T16:00:00.000Z'), fired('a'), fired('b'), {
      kind: 'timer.cancelled',
      data: {timer: 'a'},
    })
    await fc.assert(
      fc.asyncProperty(fc.array(event, {maxLength: 8}), fc.infiniteStream(fc.double({min: 0, max: 1, noNaN: true})), async (drafts, random) => {
        const store = new MemoryStore()
        await openMemoryJournal(testKeeper(), store).append(null, drafts)
        const table = store.timers()
        store.write(rebuildTimers)
        expect(store.timers()).toEqual(table)
        const shuffled = drafts.map((_, i) => ({i, by: random.next().value})).sort((a, b) => a.by - b.by)
        const other = new MemoryStore()
        for (const {i} of shuffled) projectTimer(other, store.byPlace(store.meta()?.origin ?? '', 1, i + 1) as Row)
        expect(other.timers()).toEqual(table)
      }),
      {numRuns: 100},
    )
  })

  it('of a file that is older than it is filled from the record when it is first looked at', async () => {
    const home = scratch()
    const clock = new HandClock()
    const before = await openJournal({...testKeeper(clock), home, emergencyFolders: []})
    await before.append('0607-a', [set('a'), set('b'), fired('b')])
    await before.close()
    const file = new DatabaseSync(join(home, 'journal.db'))
    file.exec('drop table timer; pragma user_version = 1')
    file.close()
    const after = await openJournal({...testKeeper(clock), home, emergencyFolders: []})
    await after.append(null, [note('x'), set('c')])
    expect([(await after.claim())?.timer, (await after.claim())?.timer, await after.claim()]).toEqual(['a', 'c', null])
    await after.close()
  })

  it('fires nothing while the journal cannot be written', async () => {
    const home = scratch()
    const journal = await openJournal({...testKeeper(), home, emergencyFolders: []})
    await journal.append(null, [set('a')])
    await journal.close()
    const reading = await openJournal({...testKeeper(), home, mode: 'read', emergencyFolders: [scratch()]})
    expect(await reading.claim('a')).toBeNull()
    await reading.close()
  })
})

const RACER = join(import.meta.dirname, 'claim-timers.ts')
const env = {...process.env, NODE_OPTIONS: '', NODE_COMPILE_CACHE: join(tmpdir(), 'scram-test-compile-cache')}

/** A process that claims and fires what is due until nothing is left. */
function racer(home: string, most: number): {child: ChildProcess; said: string[]; ended: Promise<unknown>} {
  const child = spawn(process.execPath, [RACER, home, String(most)], {env, stdio: ['ignore', 'pipe', 'inherit']})
  const said: string[] = []
  const lines = createInterface({input: child.stdout})
  lines.on('line', line => void said.push(line))
  return {child, said, ended: Promise.all([once(child, 'exit'), once(lines, 'close')])}
}

describe('four processes over 300 timers', () => {
  it('fire each once, though claimers are killed between the claim and the append', async () => {
    const home = scratch()
    const journal = await openJournal({...testKeeper(), home, emergencyFolders: []})
    await journal.append(
      null,
      Array.from({length: 300}, (_, i) => set(`t-${i}`)),
    )
    // Each kills itself right after a claim: nobody says anything of these timers until another one takes them.
    const doomed = [7, 3, 11, 5].map(most => racer(home, most))
    await Promise.all(doomed.map(({ended}) => ended))
    expect(doomed.map(({child}) => child.signalCode)).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGKILL'])
    const all = [0, 0, 0, 0].map(() => racer(home, Number.MAX_SAFE_INTEGER))
    await Promise.all(all.map(({ended}) => ended))
    expect(all.map(({child}) => child.exitCode)).toEqual([0, 0, 0, 0])
    const events = await journal.events({kinds: ['timer.fired']})
    const names = events.map(({data}) => (data as {timer: string}).timer)
    expect([names.length, new Set(names).size]).toEqual([300, 300])
    const heads = await journal.verify()
    expect(heads).toMatchObject({ok: true, events: 600})
    await journal.close()
  }, 60_000)
})

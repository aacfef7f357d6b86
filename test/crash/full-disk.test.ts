import {rmSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {openJournal} from '../../src/journal/open-journal.ts'
import {HandClock, scratch, testKeeper} from '../journal/test-keeper.ts'
import {missing, runWriter} from './run-writer.ts'

const noNamespace = missing('unshare', ['-Urm', 'sh', '-c', 'mount -t tmpfs -o size=64k t /mnt'])
if (noNamespace) process.stdout.write(`SKIPPED, full and read-only disks are not tried: no user namespace here (${noNamespace})\n`)
const inNamespace = noNamespace ? describe.skip : describe

/** Runs the writer after `script`, in a mount namespace of its own. */
const within = (script: string) => ['unshare', '-Urm', 'sh', '-c', `${script} && exec "$@"`, 'sh']

inNamespace('a full disk', () => {
  it('keeps every event: first in the journal, then in the emergency log', () => {
    const folders = [scratch()]
    const outcome = runWriter({home: '/mnt/s', folders, tag: 'w', count: 300, bytes: 2000}, within('mount -t tmpfs -o size=512k t /mnt'))
    expect(outcome).toMatchObject({status: 0, stderr: '', aloud: []})
    expect(outcome.acknowledged).toHaveLength(300)
    expect([...outcome.events].sort()).toEqual([...outcome.acknowledged].sort())
    expect(outcome.trouble).toContain('emergency')
  })

  it('gives up the ballast before it gives up the journal', () => {
    // 66 MiB: enough for the ballast to be made. One writer makes it, then the disk is filled to the last byte.
    const fill = `mount -t tmpfs -o size=66m t /mnt && ${process.execPath} ${join(import.meta.dirname, 'writer.ts')} '${JSON.stringify({home: '/mnt/s', folders: [], tag: 'first', count: 1})}' >/dev/null && test -s /mnt/s/ballast && (cat /dev/zero >/mnt/fill 2>/dev/null; true)`
    const outcome = runWriter({home: '/mnt/s', folders: [], tag: 'w', count: 100}, within(fill))
    expect(outcome).toMatchObject({status: 0, aloud: [], trouble: []})
    expect(outcome.acknowledged).toHaveLength(100)
    expect(outcome.events).toHaveLength(101)
  })

  it('from the first byte is an emergency, not an end', () => {
    const folders = [scratch()]
    const outcome = runWriter(
      {home: '/mnt/s', folders, tag: 'w', count: 3},
      within('mount -t tmpfs -o size=64k t /mnt && (cat /dev/zero >/mnt/fill 2>/dev/null; true)'),
    )
    expect(outcome).toMatchObject({status: 0, aloud: []})
    expect(outcome.events).toEqual(outcome.acknowledged)
    expect(outcome.trouble).toContain('emergency')
  })

  it('everywhere: each event is said aloud', () => {
    const outcome = runWriter(
      {home: '/mnt/s', folders: ['/mnt/e'], tag: 'w', count: 3},
      within('mount -t tmpfs -o size=64k t /mnt && mkdir -m 700 /mnt/e && (cat /dev/zero >/mnt/fill 2>/dev/null; true)'),
    )
    expect(outcome.status).toBe(0)
    expect(outcome.aloud).toHaveLength(3)
    expect(outcome.events).toEqual(outcome.acknowledged)
  })
})

inNamespace('a read-only home', () => {
  const readOnly = (home: string) => within(`mount --bind ${home} ${home} && mount -o remount,ro,bind ${home}`)

  it.each([
    ['closed properly, without -wal', true, false],
    ['left behind with -wal', false, false],
    ['left behind with -wal and without its index', false, true],
  ])('that was %s is read in full, and new events are kept beside it', async (_, isClosed, losesIndex) => {
    const home = scratch()
    const folders = [scratch()]
    const journal = await openJournal({...testKeeper(new HandClock(Date.now())), home, emergencyFolders: folders})
    const before: string[] = []
    for (let i = 0; i < 5; i += 1) before.push(...(await journal.append(null, [{kind: 'headline.set', data: {text: `${i}`}}])).map(({id}) => id))
    if (isClosed) await journal.close()
    if (losesIndex) rmSync(join(home, 'journal.db-shm'))
    const outcome = runWriter({home, folders, tag: 'w', count: 3}, readOnly(home))
    expect(outcome).toMatchObject({status: 0, stderr: '', aloud: [], trouble: ['read-only', 'emergency']})
    expect(outcome.events).toEqual([...before, ...outcome.acknowledged])
    if (!isClosed) await journal.close()
  })

  it('that never held a journal keeps its events elsewhere', () => {
    const home = scratch()
    const outcome = runWriter({home: join(home, 'none'), folders: [scratch()], tag: 'w', count: 2}, readOnly(home))
    expect(outcome).toMatchObject({status: 0, trouble: ['read-only', 'emergency']})
    expect(outcome.events).toEqual(outcome.acknowledged)
  })

  it('of somebody else is read, and not written', async () => {
    const home = scratch()
    const journal = await openJournal({...testKeeper(new HandClock(Date.now())), home, emergencyFolders: []})
    await journal.append(null, [{kind: 'headline.set', data: {text: 'theirs'}}])
    await journal.close()
    const wal = `cp ${home}/journal.db /mnt/journal.db && touch /mnt/journal.db-wal && mount -o remount,ro /mnt`
    const outcome = runWriter({home: '/mnt', folders: [scratch()], tag: 'w', count: 1}, within(`mount -t tmpfs -o size=8m t /mnt && ${wal}`))
    expect(outcome).toMatchObject({status: 0, trouble: ['read-only', 'emergency']})
    expect(outcome.events).toHaveLength(2)
  })
})

import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {openJournal} from '../../src/journal/open-journal.ts'
import {recoverJournal} from '../../src/journal/recover-journal.ts'
import {HandClock, scratch, testKeeper} from '../journal/test-keeper.ts'
import {missing, type Outcome, runWriter} from './run-writer.ts'

const noStrace = missing('strace', ['-f', '-qq', '-o', '/dev/null', 'true'])
if (noStrace) process.stdout.write(`SKIPPED, disk errors are not injected: strace does not run here (${noStrace})\n`)
const withStrace = noStrace ? describe.skip : describe

const COUNT = 3

/** What a responder is promised after a disk failed at any instant: everything said is there, once, now and after recovery. */
async function holds(home: string, folders: readonly string[], outcome: Outcome): Promise<void> {
  expect(outcome).toMatchObject({status: 0, aloud: [], stderr: ''})
  expect(outcome.acknowledged).toHaveLength(COUNT)
  expect([...outcome.events].sort()).toEqual([...outcome.acknowledged].sort())
  const options = {...testKeeper(new HandClock(Date.now())), home, emergencyFolders: folders}
  const later = await openJournal(options)
  expect((await later.events()).map(({id}) => id).sort()).toEqual([...outcome.acknowledged].sort())
  await later.close()
  await recoverJournal(options)
  const recovered = await openJournal(options)
  const events = (await recovered.events()).filter(({kind}) => kind === 'note.added')
  expect(events.map(({id}) => id).sort()).toEqual([...outcome.acknowledged].sort())
  expect(events.every(({seq}) => seq > 0)).toBe(true)
  expect(await recovered.verify()).toMatchObject({ok: true})
  expect(recovered.trouble()).toEqual([])
  await recovered.close()
  expect(await recoverJournal(options)).toEqual({isNew: false, salvaged: null, imported: 0, duplicates: 0, refused: [], settled: []})
}

withStrace('a disk that fails', () => {
  const cases = [
    // One failure and all is well again: the trap, because the next commits would be acknowledged and lost.
    ...Array.from({length: 14}, (_, n) => ['fsync', 'EIO', `${n + 1}`] as const),
    ...Array.from({length: 20}, (_, n) => ['pwrite64', 'EIO', `${n * 5 + 1}`] as const),
    ...Array.from({length: 8}, (_, n) => ['pwrite64', 'ENOSPC', `${n * 11 + 1}`] as const),
    // From then on, for good.
    ...[1, 4, 7, 9, 11].map(n => ['fsync', 'EIO', `${n}+`] as const),
    ...[1, 20, 40, 60, 80].map(n => ['pwrite64', 'EIO', `${n}+`] as const),
    ...[1, 30, 55, 75].map(n => ['pwrite64', 'ENOSPC', `${n}+`] as const),
  ]

  it.each(cases)('at %s with %s, the %s. time: keeps every event once', async (call, error, when) => {
    const home = join(scratch(), 'home')
    const folders = [scratch()]
    const strace = ['strace', '--seccomp-bpf', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:error=${error}:when=${when}`]
    await holds(home, folders, runWriter({home, folders, tag: 'w', count: COUNT}, strace))
  })

  it('is not trusted again after one failed fsync: what follows goes to the emergency log', async () => {
    const inEmergency: number[] = []
    for (let n = 6; n <= 14; n += 1) {
      const home = join(scratch(), 'home')
      const folders = [scratch()]
      const strace = ['strace', '--seccomp-bpf', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync', '-e', `inject=fsync:error=EIO:when=${n}`]
      const {acknowledged, trouble} = runWriter({home, folders, tag: 'w', count: COUNT}, strace)
      if (!trouble.includes('emergency')) continue
      inEmergency.push(n)
      const later = await openJournal({...testKeeper(new HandClock(Date.now())), home, emergencyFolders: folders})
      const last = (await later.events()).find(({id}) => id === acknowledged.at(-1))
      expect({n, seq: last?.seq}).toEqual({n, seq: 0})
      await later.close()
    }
    expect(inEmergency.length).toBeGreaterThanOrEqual(COUNT)
  })

  it('reaches the journal with its errors: some of these runs end in the emergency log', () => {
    const home = join(scratch(), 'home')
    const strace = ['strace', '--seccomp-bpf', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=pwrite64', '-e', 'inject=pwrite64:error=EIO:when=60+']
    const {trouble} = runWriter({home, folders: [scratch()], tag: 'w', count: COUNT}, strace)
    expect(trouble).toContain('emergency')
    expect(existsSync(home)).toBe(true)
  })
})

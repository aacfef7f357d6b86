import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {fireDue} from '../../src/actions/fire-due.ts'
import {openIncident} from '../../src/actions/open-incident.ts'
import {postUpdate} from '../../src/actions/post-update.ts'
import {publishPage} from '../../src/actions/publish-page.ts'
import {cancelScheduled, postScheduled} from '../../src/actions/schedule-update.ts'
import type {Recorded} from '../../src/incident/events.ts'
import {MemoryStore} from '../../src/journal/memory-store.ts'
import {Fault} from '../../src/lib/fault.ts'
import {HandClock} from '../journal/test-keeper.ts'
import {bareWorkspace, type MemoryDesk, memoryDesk} from './memory-desk.ts'

const MINUTE = 60_000
const NOW = {fillsSilence: false, most: 50}

/** One machine with an open, public incident; `desk()` is a process on it. */
async function machine(folder: string | null = null) {
  const clock = new HandClock()
  const store = new MemoryStore()
  const desk = (more: MemoryDesk = {}) => memoryDesk([], {clock, store, workspace: bareWorkspace(folder), ...more})
  await openIncident(desk(), {title: 'API down', severity: 'SEV1', text: 'We look into it.'} as Parameters<typeof openIncident>[1]) // what a person types
  const bodies = async () =>
    (await (await desk().journal()).events({kinds: ['update.posted']})).map(event => (event as Extract<Recorded, {kind: 'update.posted'}>).data.body) // of that kind only
  const fired = async () =>
    (await (await desk().journal()).events({kinds: ['timer.fired']})).map(event => (event as Extract<Recorded, {kind: 'timer.fired'}>).data) // as above
  return {clock, desk, bodies, fired}
}

describe('a scheduled update', () => {
  it('goes out at its time, by whichever process looks, and by one of many', async () => {
    const {clock, desk, bodies, fired} = await machine()
    await postUpdate(desk(), {text: 'Soon back.', in: 10 * MINUTE})
    clock.wall += 10 * MINUTE - 1
    expect((await fireDue(desk(), NOW)).events).toEqual([])
    clock.wall += 1001
    await Promise.all([desk(), desk(), desk(), desk()].map(each => fireDue(each, NOW)))
    expect(await bodies()).toEqual(['We look into it.', 'Soon back.'])
    expect(await fired()).toEqual([expect.objectContaining({outcome: 'posted', lateMs: 1000})])
  })

  it('of a laptop that slept through it is held: not posted, then or later; a person posts it or drops it', async () => {
    const {clock, desk, bodies, fired} = await machine()
    const [event] = (await postUpdate(desk(), {text: 'Back in ten minutes.', in: 10 * MINUTE})).events
    clock.wall += 60 * MINUTE
    for (let i = 0; i < 3; i += 1) await fireDue(desk(), NOW)
    expect(await bodies()).toEqual(['We look into it.'])
    expect((await fired()).filter(({what}) => what === 'update')).toEqual([expect.objectContaining({outcome: 'held', lateMs: 50 * MINUTE})])
    await postScheduled(desk(), event?.id.slice(-8) ?? '')
    await expect(postScheduled(desk(), event?.id.slice(-8) ?? '')).rejects.toMatchObject({code: 'entry.not-found'})
    await fireDue(desk(), NOW)
    expect(await bodies()).toEqual(['We look into it.', 'Back in ten minutes.'])
  })

  it('is never posted twice when the wall clock steps back', async () => {
    const {clock, desk, bodies} = await machine()
    await postUpdate(desk(), {text: 'Soon back.', in: 10 * MINUTE})
    for (const step of [10, -9, 9, 1, -60, 61]) {
      clock.wall += step * MINUTE
      await fireDue(desk(), NOW)
    }
    expect(await bodies()).toEqual(['We look into it.', 'Soon back.'])
  })

  it('goes out though the claimer died before it had posted', async () => {
    const {clock, desk, bodies} = await machine()
    const [event] = (await postUpdate(desk(), {text: 'Soon back.', in: MINUTE})).events
    clock.wall += MINUTE
    expect(await (await desk().journal()).claim(event?.id)).not.toBeNull()
    await fireDue(desk(), NOW)
    expect(await bodies()).toHaveLength(1)
    clock.wall += 31_000
    await fireDue(desk(), NOW)
    expect(await bodies()).toHaveLength(2)
  })

  it('is left alone by a process of another workspace, until it is too late', async () => {
    const {clock, desk, bodies, fired} = await machine('/srv/ops')
    await postUpdate(desk(), {text: 'Soon back.', in: MINUTE})
    clock.wall += 2 * MINUTE
    await fireDue(desk({workspace: bareWorkspace('/srv/other')}), NOW)
    await fireDue(desk({workspace: bareWorkspace(null)}), NOW)
    expect([(await bodies()).length, await fired()]).toEqual([1, []])
    clock.wall += 5 * MINUTE
    await fireDue(desk({workspace: bareWorkspace(null)}), NOW)
    expect(await fired()).toEqual([expect.objectContaining({outcome: 'held'})])
  })

  it('that cannot be posted stays due, says why, and delays no other', async () => {
    const {clock, desk, bodies} = await machine()
    await postUpdate(desk(), {text: 'Soon back.', in: 19 * MINUTE})
    clock.wall += 19 * MINUTE
    const broken = {...desk(), workspace: () => Promise.reject(new Fault('config.invalid', 'scram.yaml:3:1 does not check'))}
    const {events, problems} = await fireDue(broken, NOW)
    expect([events.map(({kind}) => kind), problems]).toEqual([['timer.fired'], [expect.stringMatching(/^the scheduled update \w{8}: scram.yaml:3:1/)]])
    await fireDue(desk(), NOW)
    expect(await bodies()).toHaveLength(2)
  })

  it('is cancelled by any unique part of its id; the record keeps both', async () => {
    const {clock, desk, bodies} = await machine()
    const [event] = (await postUpdate(desk(), {text: 'Soon back.', in: MINUTE})).events
    await expect(cancelScheduled(desk(), 'ffffffff')).rejects.toMatchObject({code: 'entry.not-found', hints: [expect.stringContaining('Soon back.')]})
    expect((await cancelScheduled(desk(), event?.id.slice(-6) ?? '')).events.map(({kind}) => kind)).toEqual(['timer.cancelled'])
    clock.wall += MINUTE
    await fireDue(desk(), NOW)
    expect(await bodies()).toHaveLength(1)
  })

  it('takes a time on the clock: ahead it is scheduled, behind it was said then', async () => {
    const {desk} = await machine()
    const kinds = async (at: string) =>
      (await postUpdate(desk(), {text: 'x', at})).events.map(({kind, at: when, data}) => [kind, 'due' in data ? data.due : when])
    expect(await kinds('16:05')).toEqual([['timer.set', '2012-06-07T16:05:00.000Z']])
    expect(await kinds('15:40')).toEqual([['update.posted', '2012-06-07T15:40:00.000Z']])
    expect(await kinds('-5m')).toEqual([['update.posted', '2012-06-07T15:47:41.000Z']])
    await expect(kinds('2012-06-08T15:00:00Z')).rejects.toMatchObject({code: 'time.invalid', message: expect.stringContaining('at most 12h ahead')})
    await expect(postUpdate(desk(), {text: 'x', at: '16:05', in: MINUTE})).rejects.toMatchObject({code: 'usage.invalid'})
  })

  it('is the same update when the command is repeated with its id', async () => {
    const {desk} = await machine()
    const id = '01a20cd0-c9bc-7543-894a-e3afd8f83af8'
    const [first] = (await postUpdate(desk(), {text: 'x', in: MINUTE, id})).events
    const [second] = (await postUpdate(desk(), {text: 'x', in: MINUTE, id})).events
    expect([first?.id, second]).toEqual([id, first])
  })
})

describe('a page that could not be published', () => {
  it('is tried again at a due time, ever less often, until it is read back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'scram-retry-'))
    const clock = new HandClock()
    const store = new MemoryStore()
    // A file where the page's folder should be.
    const path = join(folder, 'blocked')
    const blocked = '/dev/null/page'
    let target = blocked
    const desk = () => ({
      ...memoryDesk([], {clock, store}),
      workspace: async () => bareWorkspace(null, [{id: 'disk', kind: 'directory', path: target, url: null}]),
    })
    await openIncident(desk(), {title: 'API down', severity: 'SEV1', text: 'We look into it.'} as Parameters<typeof openIncident>[1]) // what a person types
    const due = async () =>
      (await (await desk().journal()).events({kinds: ['timer.set']})).map(
        event => (Date.parse((event.data as {due: string}).due) - Date.parse(event.at)) / 1000,
      )
    expect(await due()).toEqual([30])
    await publishPage(desk())
    expect(await due()).toEqual([30])
    for (const seconds of [31, 61, 121]) {
      clock.wall += seconds * 1000
      await Promise.all([fireDue(desk(), NOW), fireDue(desk(), NOW)])
    }
    expect(await due()).toEqual([30, 60, 120, 240])
    target = path
    clock.wall += 241_000
    await fireDue(desk(), NOW)
    const kinds = (await (await desk().journal()).events({last: 2})).map(({kind}) => kind)
    expect(kinds).toEqual(['page.published', 'timer.cancelled'])
    clock.wall += 3_600_000
    expect((await fireDue(desk(), NOW)).events.filter(({kind}) => kind === 'timer.set')).toEqual([])
    rmSync(folder, {recursive: true})
  })
})

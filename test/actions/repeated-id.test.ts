import {describe, expect, it} from '@jest/globals'
import {addNote} from '../../src/actions/add-note.ts'
import {openIncident} from '../../src/actions/open-incident.ts'
import {postUpdate} from '../../src/actions/post-update.ts'
import {memoryDesk} from './memory-desk.ts'

const ID = '01a20d1e-c86e-7c72-a87a-bfae387bf604'

async function opened() {
  const desk = {...memoryDesk([]), workspace: async () => bare}
  await openIncident(desk, {title: 'HTTP errors', private: true, id: '01a20d1e-c86e-7c72-a87a-bfae387bf600'})
  return desk
}

describe('the same --id again', () => {
  it('answers with what the first call recorded, and adds nothing', async () => {
    const desk = await opened()
    const first = await addNote(desk, {text: 'what  I saw\n', id: ID})
    const count = (await (await desk.journal()).events()).length
    expect((await addNote(desk, {text: 'what  I saw\n', id: ID})).events).toEqual(first.events)
    expect((await (await desk.journal()).events()).length).toBe(count)
  })

  it('is refused with another text, which would be lost', async () => {
    const desk = await opened()
    await addNote(desk, {text: 'what I saw', id: ID})
    await expect(addNote(desk, {text: 'what I saw later', id: ID})).rejects.toMatchObject({
      code: 'usage.invalid',
      message: expect.stringContaining('note.added'),
    })
  })

  it('is refused for another kind of entry', async () => {
    const desk = await opened()
    await expect(addNote(desk, {text: 'HTTP errors', id: '01a20d1e-c86e-7c72-a87a-bfae387bf600'})).rejects.toMatchObject({code: 'usage.invalid'})
  })
})

describe('the id a person gives', () => {
  it('is that of the update, not of a component that changed with it', async () => {
    const desk = {...memoryDesk([]), workspace: async () => bare}
    await openIncident(desk, {title: 'HTTP errors'})
    const {events} = await postUpdate(desk, {text: 'Writes fail.', components: {api: 'major_outage'}, id: ID})
    expect(events.find(({id}) => id === ID)?.kind).toBe('update.posted')
    await expect(postUpdate(desk, {text: 'Writes work.', components: {api: 'major_outage'}, id: ID})).rejects.toMatchObject({code: 'usage.invalid'})
  })

  it('is no component id unless it looks like one, also without a workspace', async () => {
    const desk = {...memoryDesk([]), workspace: async () => bare}
    await openIncident(desk, {title: 'HTTP errors'})
    for (const name of ['API', '__proto__', 'a\u001b[31mb', '<b>', '', 'a'.repeat(41)]) {
      const components = Object.fromEntries([[name, 'operational' as const]])
      await expect(postUpdate(desk, {text: 'x', components})).rejects.toMatchObject({code: 'usage.invalid'})
    }
  })
})

const bare = {
  folder: null,
  page: {name: 'Status', url: null},
  groups: [],
  components: [],
  cadenceMs: {SEV1: 1, SEV2: 1, SEV3: 1, SEV4: 1, SEV5: 1},
  targets: [],
  postmortem: {layout: 'scram', redact: []},
} as const

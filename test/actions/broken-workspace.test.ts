import {describe, expect, it} from '@jest/globals'
import {openIncident} from '../../src/actions/open-incident.ts'
import {postUpdate} from '../../src/actions/post-update.ts'
import {setImpact} from '../../src/actions/set-impact.ts'
import {Fault} from '../../src/lib/fault.ts'
import {memoryDesk} from './memory-desk.ts'

/** A desk whose scram.yaml somebody broke. */
function brokenDesk(code: 'config.invalid' | 'workspace.foreign' = 'config.invalid') {
  const desk = memoryDesk([])
  return {...desk, workspace: () => Promise.reject(new Fault(code, 'scram.yaml:3:1: a bracket is missing'))}
}

const kinds = async (desk: ReturnType<typeof brokenDesk>) => (await (await desk.journal()).events()).map(({kind}) => kind)

describe('a scram.yaml that does not parse', () => {
  it('does not stop an incident from being opened and told of', async () => {
    const desk = brokenDesk()
    const {undelivered} = await openIncident(desk, {title: 'T', text: 'Many requests fail.', components: {api: 'major_outage'}})
    await postUpdate(desk, {text: 'Still failing.'})
    expect(await kinds(desk)).toEqual(expect.arrayContaining(['incident.opened', 'component.set', 'update.posted']))
    expect(undelivered).toEqual([expect.stringMatching(/^Recorded\. The page was not built \(scram\.yaml:3:1/)])
    expect(desk.said.join('\n')).toMatch(/scram\.yaml:3:1.*\n.*going on without it/)
  })

  it('is no reason to say nothing of what was recorded', async () => {
    const desk = brokenDesk()
    await openIncident(desk, {title: 'T', text: 'Many requests fail.'})
    const {events, undelivered} = await setImpact(desk, {impact: 'major'})
    expect([events.map(({kind}) => kind), undelivered.length]).toEqual([['impact.set'], 1])
  })
})

it('a workspace of somebody else is refused, not passed over', async () => {
  await expect(openIncident(brokenDesk('workspace.foreign'), {title: 'T'})).rejects.toMatchObject({code: 'workspace.foreign'})
})

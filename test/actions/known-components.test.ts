import {describe, expect, it} from '@jest/globals'
import {knownComponents} from '../../src/actions/known-components.ts'
import {bareWorkspace, memoryDesk} from './memory-desk.ts'

async function refused(typed: string, ids: readonly string[]): Promise<{code: string; message: string; hints: readonly string[]}> {
  const workspace = {...bareWorkspace('/srv/our site'), components: ids.map(id => ({id, name: id, group: null, kind: 'service' as const, isPublic: true}))}
  const desk = memoryDesk([], {workspace: workspace as never}) // what a component has beside its id is of no account here
  return knownComponents(desk, {[typed]: 'operational'}).then(
    () => {
      throw new Error('it was taken')
    },
    fault => fault,
  )
}

describe('a component that is not there', () => {
  it.each([
    ['apy', 'did you mean api?'],
    ['API', 'did you mean api?'],
    ['site', 'did you mean status-site?'],
    ['api-eu', 'did you mean api?'],
    ['data', 'did you mean database or data-bus?'],
  ])('%s: the nearest are named', async (typed, words) => {
    const {code, message} = await refused(typed, ['production', 'api', 'database', 'data-bus', 'status-site'])
    expect([code, message]).toEqual([
      'component.not-found',
      `no component "${typed}" in /srv/our site/scram.yaml; ${words} It has production, api, database, data-bus, status-site`,
    ])
  })

  it('with nothing near, and with more than an error can name: the command shows them all', async () => {
    const many = Array.from({length: 25}, (_, at) => `region-${at}`)
    const {message, hints} = await refused('x', many)
    expect(message).toMatch(/^no component "x" in \S+ \S+; it has region-0, .*, and 5 more$/)
    expect(hints).toEqual(["sed -n '/^components:/,/^[a-z]/p' '/srv/our site/scram.yaml'"])
  })
})

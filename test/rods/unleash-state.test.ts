import {describe, expect, it} from '@jest/globals'
import {described, flagState, isArchived, isOn, onlyRollout, sharedWith} from '../../src/rods/unleash-state.ts'

const rollout = (text: unknown, more = {}) => ({id: 'a-1', name: 'flexibleRollout', parameters: {rollout: text}, ...more})
const stateOf = (enabled: boolean, ...strategies: unknown[]) => {
  const state = flagState({enabled, strategies} as never) // documents of any shape: what it makes of them is asked here
  if (!state) throw new Error('it was not taken for a flag')
  return state
}

describe('what Unleash says about a flag', () => {
  it.each([null, [], {}, {enabled: true}, {enabled: 'yes', strategies: []}, {enabled: true, strategies: [{id: '../x', name: 'a'}]}])(
    '%j is no flag',
    document => {
      expect(flagState(document as never)).toBeNull()
    },
  )

  it('on is on for nobody when every strategy is disabled, whatever `enabled` says', () => {
    expect(isOn(stateOf(true, rollout('100', {disabled: true})))).toBeNull()
    expect([isOn(stateOf(true)), isOn(stateOf(true, rollout('100'))), isOn(stateOf(false, rollout('100')))]).toEqual([true, true, false])
  })

  it.each([
    ['25', 25],
    [25, 25],
    ['0', 0],
    ['100', 100],
    ['150', null],
    ['-1', null],
    ['12.5', null],
    ['025', null],
    ['', null],
    [undefined, null],
  ])('a rollout of %j is %j', (text, share) => {
    expect(sharedWith(stateOf(true, rollout(text)))).toBe(share)
  })

  it('nobody gets a flag that is off, whatever its rollout', () => {
    expect(sharedWith(stateOf(false, rollout('100')))).toBe(0)
  })

  it.each([
    ['none', []],
    ['two', [rollout('25'), rollout('50')]],
    ['a constraint', [rollout('25', {constraints: [{}]})]],
    ['a segment', [rollout('25', {segments: [1]})]],
    ['another kind', [rollout('25', {name: 'default'})]],
  ])('with %s no rollout decides for everybody', (_, strategies) => {
    expect(onlyRollout(stateOf(true, ...strategies))).toBeNull()
  })

  it('a disabled strategy beside it does not count', () => {
    const state = stateOf(true, rollout('25'), rollout('50', {disabled: true}))
    expect(onlyRollout(state)).toEqual({id: 'a-1', rollout: 25})
    expect(described(state)).toBe('enabled is true, 1 of 2 strategies enabled, rollout 25')
  })

  it('an archived flag says so, and a page says nothing', () => {
    expect([{archived: true}, {archived: false}, {}, 'page'].map(isArchived)).toEqual([true, false, false, null])
  })
})

import {describe, expect, it} from '@jest/globals'
import type {Workspace} from '../../src/actions/desk.ts'
import {performAction} from '../../src/actions/perform-action.ts'
import {actionTable} from '../../src/actions/table.ts'
import RodExtend from '../../src/commands/rod/extend.ts'
import RodInsert from '../../src/commands/rod/insert.ts'
import RodWithdraw from '../../src/commands/rod/withdraw.ts'
import Trip from '../../src/commands/trip.ts'
import type {JsonMap} from '../../src/runbook/ports.ts'
import {memoryDriver, memoryWorld} from '../rods/memory-driver.ts'
import {testRod} from '../rods/test-rod.ts'
import {memoryDesk} from './memory-desk.ts'

const positions = ['withdrawn', 'half', 'inserted']
const signal = () => AbortSignal.timeout(20_000)

function scene({people = 1, cooldownMs = 0, hasProbe = true} = {}) {
  const world = memoryWorld()
  const probe = {
    name: 'path',
    reaches: [],
    maskedBy: [],
    look: async () => {
      const position = world.position.get('') ?? 'unknown'
      return {position, fits: [position], evidence: `sees ${position}`}
    },
  }
  const plain = testRod({driver: memoryDriver(world, positions), probes: hasProbe ? [probe] : [], positions})
  const rules = {...plain.rules, cooldownMs, approvals: {insert: people, withdraw: people}}
  const rod = {...plain, rules, ...(!hasProbe && {noProbeBecause: 'nobody sees it'})}
  const desk = memoryDesk([rod])
  const perform = (uses: string, given: JsonMap) => performAction(desk, {uses, with: given, key: 'k'} as Parameters<typeof performAction>[1], signal())
  return {world, rod, desk, perform, base: {rod: rod.id, why: 'contain'}}
}

describe('what a step of a run may say about a rod', () => {
  it('makes one that takes two people usable, and who agreed is recorded', async () => {
    const {desk, perform, base} = scene({people: 2})
    expect(await perform('rod/insert', base)).toMatchObject({end: 'failed', code: 'guard.refused', message: expect.stringContaining('(rule approvals)')})
    expect(await perform('rod/insert', {...base, approved_by: ['bo']})).toMatchObject({end: 'finished', outputs: {verified: true}})
    expect(await perform('rod/withdraw', {...base, override: ['approvals']})).toMatchObject({end: 'finished', outputs: {position: 'withdrawn'}})
    const [inserting, withdrawing] = await (await desk.journal()).events({kinds: ['rod.inserting', 'rod.withdrawing']})
    expect([inserting?.data, withdrawing?.data]).toEqual([
      expect.objectContaining({approvals: ['bo']}),
      expect.objectContaining({overrides: ['approvals'], why: 'contain'}),
    ])
  })

  it('takes a rod as it is found, and goes one step', async () => {
    const {world, perform, base} = scene()
    await perform('rod/insert', base)
    world.position.set('', 'half')
    world.version.set('', 199)
    expect(await perform('rod/withdraw', base)).toMatchObject({end: 'failed', code: 'rod.moved'})
    expect(await perform('rod/withdraw', {...base, take: true})).toMatchObject({end: 'finished', outputs: {position: 'withdrawn'}})
    await perform('rod/insert', base)
    expect(await perform('rod/withdraw', {...base, step: true})).toMatchObject({end: 'finished', outputs: {position: 'half'}})
  })

  it('lets one go in blind, and the step says that nobody has seen it', async () => {
    const {world, perform, base} = scene({hasProbe: false})
    expect(await perform('rod/insert', base)).toMatchObject({end: 'failed', code: 'rod.unverified'})
    expect(await perform('rod/insert', {...base, blind: true})).toMatchObject({end: 'finished', outputs: {position: 'inserted', verified: false}})
    world.mood.set('', 'lying')
    expect(await perform('rod/insert', {...base, to: 'half', blind: true})).toMatchObject({end: 'failed', code: 'rod.unverified'})
  })

  it('extends, and trips a bank without asking', async () => {
    const {desk, rod, base} = scene()
    const workspace = async () => ({folder: null, banks: [{id: 'contain', title: 'Contain', waves: [[rod.id], ['nobody']]}]}) as never as Workspace
    const perform = (uses: string, given: JsonMap) =>
      performAction({...desk, workspace}, {uses, with: given, key: 'k'} as Parameters<typeof performAction>[1], signal())
    expect(await perform('rod/extend', {...base, expires: '1h'})).toMatchObject({end: 'failed', code: 'rod.not-found'})
    expect(await perform('trip', {bank: 'contain', why: 'contain'})).toMatchObject({
      end: 'failed',
      code: 'rod.jammed',
      message: expect.stringMatching(/^nobody refused/),
    })
    expect(await perform('rod/extend', {...base, expires: '3h'})).toMatchObject({end: 'finished'})
    const [extended] = await (await desk.journal()).events({kinds: ['rod.extended']})
    expect(extended?.data).toMatchObject({why: 'contain'})
  })
})

describe('what is wrong with it', () => {
  it.each([
    ['rod/insert', {rod: 'r', why: 'w', override: ['cooldwn']}, /there is no rule `cooldwn`; rules are .*cooldown/],
    ['rod/insert', {rod: 'r', why: 'w', override: 'cooldown'}, /`override` wants a list of texts/],
    ['rod/insert', {rod: 'r', why: 'w', blind: 'yes'}, /`blind` wants true or false/],
    ['rod/withdraw', {rod: 'r', override: ['cooldown']}, /`override` wants `why` beside it/],
    ['rod/withdraw', {rod: 'r', approved_by: ['']}, /`approved_by` wants a list of texts/],
    ['rod/withdraw', {rod: 'r', at_once: true}, /`at_once` is not taken here/],
    ['rod/withdraw', {rod: 'r', blind: true}, /`blind` is not taken here/],
    ['rod/extend', {rod: 'r', why: 'w'}, /`expires` is missing/],
    ['trip', {why: 'w'}, /`bank` is missing/],
  ] as const)('%s %j is said before it runs', async (uses, given, message) => {
    const issues = await actionTable.get(uses)?.check(given as JsonMap)
    expect(issues?.map(issue => issue.message)).toEqual([expect.stringMatching(message)])
  })
})

describe('a step and its command', () => {
  /** Flags that a step cannot say, and why, is in rod-fields.ts. */
  it.each([
    ['rod/insert', RodInsert, ['dry-run']],
    ['rod/withdraw', RodWithdraw, ['dry-run', 'at-once', 'blind']],
    ['rod/extend', RodExtend, ['id']],
    ['trip', Trip, ['yes']],
  ] as const)('%s takes what the command takes', async (uses, command, apart) => {
    const names = [...Object.keys(command.args), ...Object.keys(command.flags)].filter(name => !(apart as readonly string[]).includes(name))
    const [unknown] = (await actionTable.get(uses)?.check({nobody: true})) ?? []
    const taken = /it takes (.*)$/.exec(unknown?.message ?? '')?.[1]?.split(', ')
    expect(taken?.sort()).toEqual(names.map(name => name.replaceAll('-', '_')).sort())
  })
})

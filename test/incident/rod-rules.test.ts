import {describe, it} from '@jest/globals'
import type {Binds, Draft, TargetReading} from '../../src/incident/events.ts'
import type {RodRules} from '../../src/incident/intentions.ts'
import {given} from './given.ts'
import {entryId, opened, START_MS} from './history.ts'

const none: RodRules = {conflicts: [], requires: [], keepOneOf: [], cooldownMs: 0, approvals: {insert: 1, withdraw: 1}}
const move = (rod: string, more: object = {}) => ({rod, to: 'in', from: [], why: 'contain', ...more})
const goingIn = (rod: string, binds: Binds = {}): Draft => ({kind: 'rod.inserting', data: move(rod, {binds})})
const insert = (rules: Partial<RodRules>, more: object = {}) => ({intend: 'insert-rod', move: move('api', more), rules: {...none, ...rules}}) as const
const withdraw = (rules: Partial<RodRules>, more: object = {}) =>
  ({intend: 'withdraw-rod', move: move('api', {to: 'withdrawn', ...more}), rules: {...none, ...rules}}) as const

/** What a probe saw of the rod whose intent was the nth record. */
const outcome = (kind: 'rod.inserted' | 'rod.withdrawn', rod: string, intent: number, to: string, readings: readonly TargetReading[] = []): Draft => ({
  kind,
  data: {
    rod,
    to,
    intent: entryId('a0', intent),
    why: 'w',
    targets: readings.map(({target, position, instance}) => ({target, readBack: {position, ms: 1, evidence: 'e', ...(instance !== undefined && {instance})}})),
    effective: {position: to, probe: 'edge', ms: 1, evidence: 'e'},
  },
})
/** A rod that went in with the first two records. */
const isIn = (rod: string, to = 'in', binds: Binds = {}) => [goingIn(rod, binds), outcome('rod.inserted', rod, 1, to)] as const

describe('a conflict', () => {
  const rules = {conflicts: [{rod: 'scale-out', at: ['in']}]}

  it('keeps a rod out while the other one is in, names its rule, and the command that sets it aside', () =>
    given(...isIn('scale-out'))
      .when(insert(rules))
      .refuses('guard.refused', /together with scale-out, and scale-out is in at in/, 'scram in api --override conflicts:scale-out --why TEXT'))

  it('is about the named positions only', () =>
    given(...isIn('scale-out', '25%'))
      .when(insert(rules))
      .records('rod.inserting'))

  it('counts a rod whose state is unknown as violating', () =>
    given(goingIn('scale-out')).when(insert(rules)).refuses('guard.refused', 'not known to be withdrawn'))

  it('binds the other one too: the rod that is in said so when it went in', () =>
    given(...isIn('scale-out', 'in', {conflicts: [{rod: 'api'}]}))
      .when(insert({}))
      .refuses('guard.refused', 'conflicts:scale-out'))

  it('can be set aside by its name, with a reason, and stays recorded', () => {
    given(...isIn('scale-out'))
      .when(insert(rules, {overrides: ['conflicts:scale-out']}))
      .then({kind: 'rod.inserting', data: move('api', {overrides: ['conflicts:scale-out'], follows: null})})
    given(...isIn('scale-out'))
      .when(insert(rules, {overrides: ['conflicts:other']}))
      .refuses('guard.refused')
    given(opened)
      .when(withdraw({approvals: {insert: 1, withdraw: 2}}, {overrides: ['approvals'], why: ''}))
      .refuses('text.empty', 'reason')
  })

  it('is set aside by a rule that exists, and by no other', () =>
    given(opened)
      .when(insert({}, {overrides: ['cool-down']}))
      .refuses('usage.invalid', /no rule "cool-down"; rules are conflicts:ROD/))

  it('is nothing to a rod on its way out', () =>
    given(...isIn('scale-out'))
      .when(withdraw(rules))
      .records('rod.withdrawing'))
})

describe('a requirement', () => {
  const rules = {requires: [{rod: 'drain', at: ['in']}]}

  it('wants the other rod where a probe saw it', () => {
    given(opened)
      .when(insert(rules))
      .refuses('guard.refused', /only while drain is at in, and drain is withdrawn \(rule requires:drain\)/)
    given(goingIn('drain')).when(insert(rules)).refuses('guard.refused', 'requires:drain')
    given(...isIn('drain'))
      .when(insert(rules))
      .records('rod.inserting')
  })

  it('keeps the other rod in while this one is', () => {
    given(...isIn('scale-out', 'in', {requires: [{rod: 'api', at: ['in']}]}))
      .when(withdraw({}))
      .refuses('guard.refused', 'requires:scale-out')
  })
})

describe('keep_one_of', () => {
  const rules = {keepOneOf: ['api', 'node-b']}

  it('leaves one of them out: the last one stays', () => {
    given(...isIn('node-b'))
      .when(insert(rules))
      .refuses('guard.refused', /the last of api, node-b/)
    given(goingIn('node-b')).when(insert(rules)).refuses('guard.refused', 'keep_one_of')
    given(opened).when(insert(rules)).records('rod.inserting')
  })
})

describe('the cooldown', () => {
  const rules = {cooldownMs: 5000}
  const out = [...isIn('api'), {kind: 'rod.withdrawing', data: move('api', {to: 'withdrawn'})}, outcome('rod.withdrawn', 'api', 3, 'withdrawn')] as const

  it('allows no opposite move before it is over', () => {
    const afterwards = (seconds: number) => ({now: START_MS + seconds * 1000})
    given(...out)
      .in(afterwards(4))
      .when(insert(rules))
      .refuses('guard.refused', /moved the other way 1 s ago; try again in 4 s/, 'scram in api --override cooldown --why TEXT')
    given(...isIn('api'))
      .in(afterwards(2))
      .when(withdraw(rules))
      .refuses('guard.refused', 'cooldown')
    given(...out)
      .in(afterwards(8))
      .when(insert(rules))
      .records('rod.inserting')
  })

  it('never delays a first insertion, nor a further one', () => {
    given(opened).when(insert(rules)).records('rod.inserting')
    given(...isIn('api'))
      .when(insert(rules, {to: '50%'}))
      .records('rod.inserting')
  })

  it('counts from the move, not from whoever asked later where the rod stands', () => {
    const asked: Draft = {
      kind: 'rod.withdrawn',
      data: {
        rod: 'api',
        to: 'withdrawn',
        intent: entryId('a0', 3),
        settles: entryId('a0', 3),
        why: 'w',
        targets: [],
        effective: {position: 'withdrawn', probe: 'edge', ms: 1, evidence: 'e'},
      },
    }
    const pause: Draft = {kind: 'note.added', data: {noteKind: 'note', text: 'x'}}
    given(...out, pause, pause, pause, pause, pause, asked)
      .in({now: START_MS + 9500})
      .when(insert(rules))
      .records('rod.inserting')
  })

  it('holds nobody up because a clock went back', () =>
    given(...out)
      .in({now: Date.parse('2026-06-07T10:00:00.000Z')})
      .when(insert(rules))
      .records('rod.inserting'))
})

describe('approvals', () => {
  const rules = {approvals: {insert: 1, withdraw: 2}}

  it('count people, the one who types among them', () => {
    given(opened)
      .when(withdraw(rules))
      .refuses('guard.refused', /takes 2 people/, 'scram out api --approved-by NAME', 'scram out api --override approvals --why TEXT')
    given(opened)
      .in({actor: 'dana'})
      .when(withdraw(rules, {approvals: ['dana']}))
      .refuses('guard.refused', 'approvals')
    given(opened)
      .in({actor: 'dana'})
      .when(withdraw(rules, {approvals: ['eli']}))
      .records('rod.withdrawing')
    given(opened).when(insert(rules)).records('rod.inserting')
  })
})

describe('a rod that someone else moved', () => {
  const readings = [{target: 'lb1', position: 'in'}]
  const recorded = [goingIn('api'), outcome('rod.inserted', 'api', 1, 'in', readings)] as const
  const reads = (position: string) => ({from: [{target: 'lb1', position}], to: 'withdrawn'})

  it('is not moved on from where nobody expects it', () =>
    given(...recorded)
      .when({intend: 'withdraw-rod', move: move('api', reads('drain'))})
      .refuses('rod.moved', /lb1 recorded in at .*, reads drain now\. --take accepts/, 'scram out api --take'))

  it('is taken as it is when a person says so, and both positions are kept', () =>
    given(...recorded)
      .when({intend: 'withdraw-rod', move: move('api', reads('drain')), take: true})
      .then({
        kind: 'rod.withdrawing',
        data: move('api', {...reads('drain'), taken: [{target: 'lb1', recorded: 'in', position: 'drain'}], follows: entryId('a0', 1)}),
      }))

  it('is none where it reads as recorded, as wanted, or not at all', () => {
    for (const position of ['in', 'withdrawn', 'unknown']) {
      given(...recorded)
        .when({intend: 'withdraw-rod', move: move('api', reads(position))})
        .records('rod.withdrawing')
    }
  })

  it('is none while an intent of ours is open, or nothing was ever recorded', () => {
    given(goingIn('api'))
      .when({intend: 'withdraw-rod', move: move('api', reads('drain'))})
      .records('rod.withdrawing')
    given(opened)
      .when({intend: 'withdraw-rod', move: move('api', reads('drain'))})
      .records('rod.withdrawing')
  })

  it('is none where a call of ours that nobody saw take effect arrived late', () => {
    const late = (kind: 'rod.unverified' | 'rod.jammed'): Draft => ({
      kind,
      data: {rod: 'api', to: 'in', intent: entryId('a0', 1), why: 'w', targets: [{target: 'lb1', readBack: {position: 'withdrawn', ms: 1, evidence: 'e'}}]},
    })
    const out = {intend: 'withdraw-rod', move: move('api', {from: [{target: 'lb1', position: 'in'}], to: '25%'})} as const
    given(goingIn('api'), late('rod.unverified')).when(out).records('rod.withdrawing')
    given(goingIn('api'), late('rod.jammed')).when(out).refuses('rod.moved')
  })

  it('ends a withdrawal that goes in steps: whoever inserted it has the last word', () => {
    given(goingIn('api'))
      .when({intend: 'withdraw-rod', move: move('api', {to: '25%'}), after: entryId('a0', 9)})
      .refuses('rod.moved', 'dana moved api meanwhile')
    given(goingIn('api'))
      .when({intend: 'withdraw-rod', move: move('api', {to: '25%'}), after: entryId('a0', 1)})
      .records('rod.withdrawing')
  })
})

describe('a release', () => {
  const release = (to = 'withdrawn') => ({intend: 'withdraw-rod', move: move('api', {to}), expired: true}) as const
  const due = (ms: number): Draft => ({kind: 'rod.extended', data: {rod: 'api', expiresAt: new Date(START_MS + ms).toISOString(), why: 'w'}})

  it('goes on only while the expiry has passed: whoever extends it meanwhile is heard', () => {
    given(...isIn('api'), due(1000))
      .in({now: START_MS + 60_000})
      .when(release())
      .records('rod.withdrawing')
    given(...isIn('api'), due(1000), due(90_000))
      .in({now: START_MS + 60_000})
      .when(release())
      .refuses('guard.refused', 'not past its expiry any more', 'scram rod show api')
    given(...isIn('api'))
      .when(release())
      .refuses('guard.refused', 'due out never')
  })
})

describe('news of a rod', () => {
  const drift = {rod: 'api', expected: 'in', seen: 'withdrawn', by: 'probe', evidence: 'e'} as const

  it('a drift is told once, and again when it shows something else', () => {
    given(...isIn('api'))
      .when({intend: 'note-drift', drift})
      .records('rod.drifted')
    given(...isIn('api'), {kind: 'rod.drifted', data: drift})
      .when({intend: 'note-drift', drift})
      .records()
    given(...isIn('api'), {kind: 'rod.drifted', data: drift})
      .when({intend: 'note-drift', drift: {...drift, seen: '25%'}})
      .records('rod.drifted')
  })

  it('a rod that was moved while somebody looked has not drifted', () =>
    given(...isIn('api', '25%'))
      .when({intend: 'note-drift', drift: {...drift, seen: '50%'}})
      .records())

  it('another process that answers is told once, and the rod goes on standing where it was verified', () => {
    const reading = (instance: string) => ({target: 'lb1', position: 'in', instance})
    const went = outcome('rod.inserted', 'api', 1, 'in', [reading('7')])
    const restarted = {rod: 'api', expected: 'in', seen: 'in', by: 'read', evidence: 'lb1 answers as 8 now', version: '8', targets: [reading('8')]} as const
    const told: Draft = {kind: 'rod.drifted', data: restarted}
    given(goingIn('api'), went).when({intend: 'note-drift', drift: restarted}).then(told)
    given(goingIn('api'), went, told).when({intend: 'note-drift', drift: restarted}).records()
    given(goingIn('api'), went)
      .when({intend: 'note-drift', drift: {...restarted, targets: [reading('7')]}})
      .records()
    given(goingIn('api'), went, told)
      .when({intend: 'insert-rod', move: move('web'), rules: {...none, requires: [{rod: 'api', at: ['in']}]}})
      .records('rod.inserting')
  })

  it('what was not verified cannot drift', () => given(goingIn('api')).when({intend: 'note-drift', drift}).records())

  it('reminders come at half of the time, at its end, and every half hour after it, each once', () => {
    const inserting: Draft = {kind: 'rod.inserting', data: move('api', {expiresAt: '2026-06-07T17:50:00.000Z'})}
    const reminded = (stage: 'half' | 'due' | 'overdue', n: number): Draft => ({kind: 'rod.reminded', data: {rod: 'api', stage, n}})
    const at = (time: string, ...past: readonly Draft[]) =>
      given(inserting, ...past)
        .in({now: Date.parse(`2026-06-07T${time}.000Z`)})
        .when({intend: 'remind-of-rod', rod: 'api'})
    at('16:49:59').records()
    at('16:50:00').then(reminded('half', 0))
    at('17:49:00', reminded('half', 0)).records()
    at('17:50:00', reminded('half', 0)).then(reminded('due', 0))
    at('18:19:59', reminded('due', 0)).records()
    at('18:20:00', reminded('due', 0)).then(reminded('overdue', 1))
    at('18:49:00', reminded('overdue', 1)).records()
    at('19:55:00', reminded('half', 0)).then(reminded('overdue', 4))
    given(opened).when({intend: 'remind-of-rod', rod: 'api'}).records()
  })
})

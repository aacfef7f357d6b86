import {describe, expect, it} from '@jest/globals'
import {maybeIn, type RodState} from '../../src/incident/board-state.ts'
import type {Draft, Outcome, Recorded, RodEvent, TargetOutcome} from '../../src/incident/events.ts'
import {evolveRod} from '../../src/incident/rod-state.ts'
import {entryId, recorder} from './history.ts'

type Kind = 'rod.inserted' | 'rod.withdrawn' | 'rod.unverified' | 'rod.jammed'

const from = [{target: 'edge-1', position: 'withdrawn'}]
const inserting = (to = 'in', more = {}): Draft => ({
  kind: 'rod.inserting',
  data: {rod: 'api', to, from, why: 'contain', expiresAt: '2026-06-07T18:00:00.000Z', ...more},
})
const withdrawing = (to = 'withdrawn'): Draft => ({kind: 'rod.withdrawing', data: {rod: 'api', to, from: [], why: 'over'}})
/** The outcome of the intent that was the nth record. */
const outcome = (kind: Kind, intent: number, to: string, more: Partial<Outcome> = {}): Draft => ({
  kind,
  data: {rod: 'api', to, intent: entryId('a0', intent), targets: [], why: 'w', ...more},
})
const seen = (position: string) => ({effective: {position, probe: 'edge', ms: 5, evidence: `edge says ${position}`}})

function rodAfter(...drafts: readonly Draft[]): RodState | undefined {
  const write = recorder()
  return drafts.map(draft => write(draft) as Recorded<RodEvent>).reduce<RodState | undefined>(evolveRod, undefined) // only rod events here
}

describe('a rod without a probe', () => {
  const reads = (position: string): TargetOutcome => ({target: '', acknowledged: {ms: 1, detail: 'd'}, readBack: {position, ms: 2, evidence: 'e'}})
  const out = (more: Partial<Outcome>) =>
    [inserting(), outcome('rod.unverified', 1, 'in'), withdrawing(), outcome('rod.unverified', 3, 'withdrawn', more)] as const
  const isIn = (...drafts: readonly Draft[]) => {
    const rod = rodAfter(...drafts)
    return rod !== undefined && maybeIn(rod)
  }

  it('is out by the word of a person, and stays unverified', () => {
    const word = {blind: true, targets: [reads('withdrawn')]}
    expect(isIn(...out({targets: word.targets}))).toBe(true)
    expect(isIn(...out(word))).toBe(false)
    expect(rodAfter(...out(word))).toMatchObject({status: 'unverified', outByWordOf: 'dana', expiresAt: null})
    expect(isIn(...out({blind: true, targets: [reads('unknown')]}))).toBe(false)
  })

  it('is not, where the control side says otherwise or the call may not have arrived', () => {
    expect(isIn(...out({blind: true, targets: [reads('in')]}))).toBe(true)
    expect(isIn(...out({blind: true, targets: [reads('withdrawn'), reads('in')]}))).toBe(true)
    expect(isIn(...out({blind: true, targets: [{target: '', error: {code: 'rod.unanswered', reason: 'r'}}]}))).toBe(true)
    expect(isIn(...out({blind: true, targets: []}))).toBe(true)
  })

  it('keeps the word while asking shows nothing else, and loses it to a reading that does, or to the next move', () => {
    const word = out({blind: true, targets: [reads('withdrawn')]})
    const asked = {settles: entryId('a0', 3)}
    expect(isIn(...word, outcome('rod.unverified', 3, 'withdrawn', {...asked, targets: [reads('withdrawn')]}))).toBe(false)
    expect(isIn(...word, outcome('rod.jammed', 3, 'withdrawn', {...asked, targets: [reads('in')]}))).toBe(true)
    expect(isIn(...word, inserting())).toBe(true)
    expect(isIn(...word, withdrawing())).toBe(true)
  })
})

describe('the step-backs of a withdrawal', () => {
  const back = (): Draft => inserting('in', {step: 'back'})
  const held: Draft = {kind: 'rod.held', data: {rod: 'api', intent: entryId('a0', 1), position: 'in', stepBacks: 2, guard: 'g', reason: 'r'}}

  it('are counted over a pause, a repeated one once, and begin anew with an insertion and after a hold', () => {
    const counts = [inserting(), withdrawing('half'), back(), back(), withdrawing('half'), back(), held, withdrawing('half'), back(), inserting()]
    expect(counts.map((_, last) => rodAfter(...counts.slice(0, last + 1))?.stepBacks)).toEqual([0, 0, 1, 1, 1, 2, 0, 0, 1, 0])
  })
})

describe('a rod', () => {
  it('is unknown between the intent and its outcome', () => {
    const rod = rodAfter(inserting())
    expect(rod).toMatchObject({status: 'inserting', want: 'in', verified: 'withdrawn', by: 'dana', why: 'contain', from, insertedAt: null})
    expect(rod && maybeIn(rod)).toBe(true)
  })

  it('is inserted once the probe agreed, and remembers since when', () => {
    const rod = rodAfter(inserting(), outcome('rod.inserted', 1, 'in', seen('in')))
    expect(rod).toMatchObject({
      status: 'inserted',
      verified: 'in',
      insertedAt: '2026-06-07T15:50:01.000Z',
      evidence: 'edge says in',
      expiresAt: '2026-06-07T18:00:00.000Z',
    })
  })

  it('is out once it is withdrawn, with nothing left to expire', () => {
    const rod = rodAfter(inserting(), outcome('rod.inserted', 1, 'in'), withdrawing(), outcome('rod.withdrawn', 3, 'withdrawn', seen('withdrawn')))
    expect(rod).toMatchObject({status: 'withdrawn', verified: 'withdrawn', expiresAt: null, insertedAt: null})
    expect(rod && maybeIn(rod)).toBe(false)
  })

  it('stays in when its withdrawal jams', () => {
    const rod = rodAfter(inserting(), outcome('rod.inserted', 1, 'in'), withdrawing(), outcome('rod.jammed', 3, 'withdrawn', {reason: 'refused'}))
    expect(rod).toMatchObject({status: 'jammed', verified: 'in', reason: 'refused'})
    expect(rod && maybeIn(rod)).toBe(true)
  })

  it('stays in when the withdrawal jams of an insertion that was never verified', () => {
    const rod = rodAfter(inserting(), outcome('rod.unverified', 1, 'in'), withdrawing(), outcome('rod.jammed', 3, 'withdrawn'))
    expect(rod).toMatchObject({status: 'jammed', verified: 'withdrawn'})
    expect(rod && maybeIn(rod)).toBe(true)
  })

  it('is out when its insertion jams, and nothing of it arrived', () => {
    const rod = rodAfter(inserting(), outcome('rod.jammed', 1, 'in', seen('withdrawn')))
    expect(rod && maybeIn(rod)).toBe(false)
  })

  it('is out again when a second insertion jams and the probe sees it withdrawn', () => {
    const rod = rodAfter(inserting(), outcome('rod.unverified', 1, 'in'), inserting(), outcome('rod.jammed', 3, 'in', seen('withdrawn')))
    expect(rod).toMatchObject({status: 'jammed', verified: 'withdrawn', wasIn: false})
    expect(rod && maybeIn(rod)).toBe(false)
  })

  it('is taken to be in when the withdrawal jams of a rod nobody here inserted', () => {
    for (const rod of [rodAfter(withdrawing(), outcome('rod.jammed', 1, 'withdrawn')), rodAfter(outcome('rod.jammed', 1, 'withdrawn'))]) {
      expect(rod?.status).toBe('jammed')
      expect(rod && maybeIn(rod)).toBe(true)
    }
  })

  it('keeps the last verified position when a jam shows nothing', () => {
    const jam = outcome('rod.jammed', 3, '50%', seen('unknown'))
    expect(rodAfter(inserting('25%'), outcome('rod.inserted', 1, '25%'), inserting('50%'), jam)).toMatchObject({verified: '25%', want: '50%'})
  })

  it('keeps what an undo restores from before the first insertion of the spell', () => {
    const second = inserting('50%', {from: [{target: 'edge-1', position: 'in'}]})
    expect(rodAfter(inserting(), outcome('rod.inserted', 1, 'in'), second)?.from).toEqual(from)
  })

  it('is still in at a lower position, since the first probe that agreed', () => {
    const rod = rodAfter(inserting(), outcome('rod.inserted', 1, 'in'), withdrawing('25%'), outcome('rod.inserted', 3, '25%', seen('25%')))
    expect(rod).toMatchObject({status: 'inserted', verified: '25%', insertedAt: '2026-06-07T15:50:01.000Z'})
  })

  it('is held where the guard stopped it', () => {
    const held: Draft = {
      kind: 'rod.held',
      data: {rod: 'api', intent: entryId('a0', 3), position: '25%', stepBacks: 1, guard: 'errors', reason: 'errors at 4 %'},
    }
    const rod = rodAfter(inserting(), outcome('rod.inserted', 1, 'in'), withdrawing(), held)
    expect(rod).toMatchObject({status: 'held', verified: '25%', want: 'withdrawn', reason: 'errors at 4 %'})
    expect(rodAfter(held)).toMatchObject({status: 'held', verified: '25%'})
  })

  it('stays held when somebody asks and finds it where it was held', () => {
    const held: Draft = {kind: 'rod.held', data: {rod: 'api', intent: entryId('a0', 1), position: 'in', stepBacks: 0, guard: 'g', reason: 'r'}}
    const asked = (to: string) => outcome('rod.inserted', 1, to, {settles: entryId('a0', 1), ...seen(to)})
    expect(rodAfter(inserting(), outcome('rod.inserted', 1, 'in'), held, asked('in'))).toMatchObject({status: 'held', want: 'withdrawn', seen: 'in'})
    expect(rodAfter(inserting(), outcome('rod.inserted', 1, 'in'), held, asked('25%'))).toMatchObject({status: 'inserted', verified: '25%'})
  })

  it('has drifted when the world shows something else', () => {
    const drift: Draft = {kind: 'rod.drifted', data: {rod: 'api', expected: 'in', seen: 'withdrawn', by: 'probe', evidence: 'edge says withdrawn'}}
    const rod = rodAfter(inserting(), outcome('rod.inserted', 1, 'in'), drift)
    expect(rod).toMatchObject({status: 'drifted', verified: 'in', reason: 'expected in, seen withdrawn'})
    const unknown = rodAfter(drift)
    expect(unknown).toMatchObject({status: 'drifted', verified: 'in'})
    expect(unknown && maybeIn(unknown)).toBe(true)
  })

  it('gets a new expiry, and only when it is known', () => {
    const extended: Draft = {kind: 'rod.extended', data: {rod: 'api', expiresAt: '2026-06-07T20:00:00.000Z', why: 'w'}}
    expect(rodAfter(inserting(), extended)?.expiresAt).toBe('2026-06-07T20:00:00.000Z')
    expect(rodAfter(extended)).toBeUndefined()
  })

  it('is not moved by tests and reminders, and remembers the last reminder', () => {
    const tested: Draft = {kind: 'rod.tested', data: {rod: 'api', mode: 'look', result: 'passed', ms: 1}}
    const reminded: Draft = {kind: 'rod.reminded', data: {rod: 'api', stage: 'due', n: 1}}
    expect(rodAfter(tested, reminded)).toBeUndefined()
    expect(rodAfter(inserting(), tested, reminded)).toEqual({...rodAfter(inserting()), reminded: {stage: 'due', n: 1}})
  })

  it('starts its reminders anew with a later expiry, and not with the same one told again', () => {
    const reminded: Draft = {kind: 'rod.reminded', data: {rod: 'api', stage: 'half', n: 0}}
    const extended: Draft = {kind: 'rod.extended', data: {rod: 'api', expiresAt: '2026-06-07T20:00:00.000Z', why: 'w'}}
    const told = outcome('rod.inserted', 1, 'in', {expiresAt: '2026-06-07T18:00:00.000Z', ...seen('in')})
    expect(rodAfter(inserting(), reminded, told)).toMatchObject({reminded: {stage: 'half'}, expirySetAt: '2026-06-07T15:50:00.000Z'})
    expect(rodAfter(inserting(), reminded, extended)).toMatchObject({reminded: null, expirySetAt: '2026-06-07T15:50:02.000Z'})
  })

  it('shows what is wanted and what was seen apart, and by whom', () => {
    const rod = rodAfter(inserting(), outcome('rod.unverified', 1, 'in', seen('withdrawn')))
    expect(rod).toMatchObject({want: 'in', seen: 'withdrawn', seenBy: 'edge', seenAt: '2026-06-07T15:50:01.000Z'})
  })

  it('remembers what it is worth over spells: when it last went in, and how long that took', () => {
    const quick = (n: number, ms: number) => outcome('rod.inserted', n, 'in', {effective: {position: 'in', probe: 'edge', ms, evidence: 'e'}})
    const out = [withdrawing(), outcome('rod.withdrawn', 3, 'withdrawn', seen('withdrawn'))]
    expect(rodAfter(inserting(), quick(1, 900), ...out, inserting(), quick(5, 1100))?.effectiveMs).toEqual([900, 1100])
    const settled = outcome('rod.inserted', 1, 'in', {settles: entryId('a0', 1), ...seen('in')})
    const already = outcome('rod.inserted', 1, 'in', {already: true, ...seen('in')})
    expect(rodAfter(inserting(), settled)).toMatchObject({effectiveMs: [], exercisedAt: null})
    expect(rodAfter(inserting(), already)).toMatchObject({effectiveMs: [], exercisedAt: null})
  })

  it('folds from an outcome alone, when the intent never arrived', () => {
    expect(rodAfter(outcome('rod.inserted', 7, 'in'))).toMatchObject({status: 'inserted', verified: 'in', why: 'w', intent: entryId('a0', 7)})
  })

  it('ignores a kind from the future', () => {
    const rod = rodAfter(inserting())
    const strange = {...recorder()(inserting()), kind: 'rod.melted'} as never // a record the door should have kept out
    expect(evolveRod(rod, strange)).toBe(rod)
  })
})

describe('what a later reading is compared with', () => {
  const reads = (position: string) => ({
    targets: [
      {target: 'a', readBack: {position, ms: 1, evidence: 'e'}},
      {target: 'b', readBack: {position: 'unknown', ms: 1, evidence: 'e'}},
    ],
  })

  it('is the last position recorded of each target, where it is known', () =>
    expect(rodAfter(inserting(), outcome('rod.inserted', 1, 'in', reads('in')))?.targets).toEqual({a: 'in'}))

  it('is nothing while an intent of ours is open: the call may or may not have arrived', () =>
    expect(rodAfter(inserting(), outcome('rod.inserted', 1, 'in', reads('in')), withdrawing())?.targets).toEqual({}))

  it('is what a drift showed', () => {
    const drift: Draft = {
      kind: 'rod.drifted',
      data: {rod: 'api', expected: 'in', seen: 'withdrawn', by: 'read', evidence: 'e', targets: [{target: 'a', position: 'withdrawn'}]},
    }
    expect(rodAfter(inserting(), outcome('rod.inserted', 1, 'in', reads('in')), drift)).toMatchObject({targets: {a: 'withdrawn'}, seenBy: 'control side'})
  })
})

describe('several targets', () => {
  const target = (name: string, more: Partial<TargetOutcome>): TargetOutcome => ({target: name, ...more})
  const reads = (name: string, position: string) => target(name, {readBack: {position, ms: 1, evidence: `${name} reads ${position}`}})
  const unverifiedWith = (...targets: TargetOutcome[]) => rodAfter(inserting(), outcome('rod.unverified', 1, 'in', {targets}))

  it('that differ are partial k of n', () => {
    expect(unverifiedWith(reads('a', 'in'), reads('b', 'withdrawn'))).toMatchObject({status: 'partial', agree: {k: 1, n: 2}, evidence: 'a reads in'})
  })

  it('that were not read back count by their acknowledgement', () => {
    const acknowledged = {ms: 1, detail: '200'}
    const mixed = unverifiedWith(
      target('a', {acknowledged}),
      target('b', {error: {code: 'rod.refused', reason: 'no'}}),
      target('c', {acknowledged, error: {code: 'x', reason: 'y'}}),
    )
    expect(mixed).toMatchObject({status: 'partial', agree: {k: 1, n: 3}})
  })

  it('that all agree, or none of which does, are unverified', () => {
    expect(unverifiedWith(reads('a', 'in'), reads('b', 'in'))?.status).toBe('unverified')
    expect(unverifiedWith(reads('a', 'withdrawn'))?.status).toBe('unverified')
  })

  it('are no longer partial after the next outcome', () => {
    const rod = rodAfter(
      inserting(),
      outcome('rod.unverified', 1, 'in', {targets: [reads('a', 'in'), reads('b', 'x')]}),
      outcome('rod.inserted', 1, 'in', {settles: entryId('a0', 1)}),
    )
    expect(rod?.status).toBe('inserted')
    expect(rod).not.toHaveProperty('agree')
  })
})

describe('two people at one rod', () => {
  it("an answer to the other one's intent does not close the open one", () => {
    const rod = rodAfter(inserting(), withdrawing(), outcome('rod.inserted', 1, 'in', seen('in')))
    expect(rod).toMatchObject({status: 'withdrawing', intent: entryId('a0', 2), evidence: 'edge says in'})
  })

  it('an older move that jammed says nothing about the newer one', () => {
    const rod = rodAfter(inserting(), inserting('50%'), outcome('rod.inserted', 2, '50%'), outcome('rod.jammed', 1, 'in'))
    expect(rod).toMatchObject({status: 'inserted', verified: '50%'})
  })

  it('a late answer that it is out does not make it so, and nobody goes on saying that it is in: it has drifted', () => {
    const rod = rodAfter(withdrawing(), inserting(), outcome('rod.inserted', 2, 'in', seen('in')), outcome('rod.withdrawn', 1, 'withdrawn', seen('withdrawn')))
    expect(rod).toMatchObject({status: 'drifted', want: 'in', verified: 'in', seen: 'withdrawn', intent: entryId('a0', 2)})
    expect(rod && maybeIn(rod)).toBe(true)
  })

  it('a late answer that a probe agreed to is what is so: it is in', () => {
    const rod = rodAfter(inserting(), withdrawing(), outcome('rod.withdrawn', 2, 'withdrawn'), outcome('rod.inserted', 1, 'in', seen('in')))
    expect(rod).toMatchObject({status: 'inserted', verified: 'in'})
  })

  it('who inserts it further answers for it, and a withdrawal leaves it where it is', () => {
    const write = recorder()
    const records = [write(inserting(), {incident: 'one'}), write(withdrawing(), {incident: 'two'})] as Recorded<RodEvent>[] // both are
    const rod = records.reduce<RodState | undefined>(evolveRod, undefined)
    expect(rod?.incident).toBe('one')
    expect(evolveRod(rod, write(inserting(), {incident: 'two'}) as Recorded<RodEvent>)?.incident).toBe('two')
    expect(evolveRod(rod, write(inserting(), {incident: null}) as Recorded<RodEvent>)?.incident).toBe('one')
  })
})

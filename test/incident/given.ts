import {expect} from '@jest/globals'
import {decide} from '../../src/incident/decide.ts'
import type {Draft, Recorded} from '../../src/incident/events.ts'
import type {Intention, Refusal, World} from '../../src/incident/intentions.ts'
import {history, worldAfter} from './history.ts'

/** given(what was recorded).when(an intention).then(what is recorded) or .refuses(with which code, saying what). */
export function given(...past: readonly Draft[]) {
  return givenRecords(history(...past))
}

export function givenRecords(records: readonly Recorded[], world: Partial<World> = {}) {
  return {
    in: (more: Partial<World>) => givenRecords(records, {...world, ...more}),
    when(intention: Intention) {
      const decision = decide(worldAfter(records, world), intention)
      return {
        decision,
        then: (...events: readonly Draft[]) => expect(decision).toEqual({refused: false, events}),
        records: (...kinds: readonly string[]) => expect(decision.refused ? decision : decision.events.map(({kind}) => kind)).toEqual(kinds),
        refuses(code: Refusal['code'], saying: string | RegExp = '', ...hints: readonly string[]) {
          expect(decision).toMatchObject({refused: true, code, message: expect.stringMatching(saying)})
          expect((decision as Refusal).hints).toEqual(expect.arrayContaining([...hints])) // the line above holds it to be one
        },
      }
    },
  }
}

import type {Position} from '../../incident/events.ts'
import type {Probe} from '../rod.ts'
import {lookOf} from './expectation.ts'
import {evidenceOf, fits, type HttpExpectation} from './http-expectation.ts'
import type {UserRequest} from './user-request.ts'

export interface HttpProbeOptions {
  readonly request: UserRequest
  readonly expect: ReadonlyMap<Position, HttpExpectation>
  readonly maskedBy: readonly string[]
}

/** Looks as a user would: one request, one fresh connection (kept-alive ones saw stale answers). */
export function httpProbe({request, expect, maskedBy}: HttpProbeOptions): Probe {
  const {name, reaches} = request
  return {
    name,
    reaches,
    maskedBy,
    async look(signal) {
      const answer = await request.send(signal)
      if (answer.status === null) return lookOf(expect, expected => expected.error !== undefined && expected.error === answer.errno, answer.reason)
      return lookOf(expect, expected => fits(expected, answer), request.clean(evidenceOf(answer, [...expect.values()])))
    },
  }
}

import type {Position} from '../../incident/events.ts'
import {type Clock, systemClock} from '../../lib/clock.ts'
import type {Look, Probe} from '../rod.ts'
import {lookOf} from './expectation.ts'
import {fits, type HttpExpectation} from './http-expectation.ts'
import {SAMPLE_EVERY_MS} from './limits.ts'
import {bandOf, isSettled, liesIn} from './share-verdict.ts'
import {type Sample, type Tally, takeSamples} from './take-samples.ts'
import type {UserRequest} from './user-request.ts'

export interface Share {
  /** What a refused request is answered. */
  readonly status: number | readonly number[]
  readonly samples: number
  /** In points of a percent; the measured share may differ by this much. */
  readonly tolerance: number
}

export interface ShareProbeOptions extends Share {
  readonly request: Pick<UserRequest, 'name' | 'reaches' | 'send'>
  /** The longest one sample takes. */
  readonly timeoutMs: number
  readonly positions: readonly Position[]
  /** What an admitted request is answered, where any other answer will not do. */
  readonly admitted: HttpExpectation | undefined
  readonly maskedBy: readonly string[]
  readonly clock?: Clock
}

/**
 * Looks how many of `samples` requests are refused, each over a connection of its own. Positions within the tolerance fit,
 * the wanted one too where the rod does not list it: 30 % fits 25 % and a wanted 33 %, and the control side breaks the tie.
 * The right share is missed less than once in 200 looks at the least tolerance that the workspace may ask for, if the
 * target picks by chance, request by request.
 */
export function shareProbe(options: ShareProbeOptions): Probe {
  const {request, status, samples, tolerance, timeoutMs, positions, admitted, maskedBy, clock = systemClock} = options
  const statuses = [status].flat()
  return {
    name: `${request.name} ${samples} times`,
    reaches: request.reaches,
    maskedBy,
    isSampled: () => true,
    async look(signal, wanted): Promise<Look> {
      const bands = new Map([...positions, ...(wanted === undefined ? [] : [wanted])].map(position => [position, bandOf(position, tolerance)]))
      let silence = ''
      const sample = async (signal: AbortSignal): Promise<Sample> => {
        const answer = await request.send(signal)
        if (answer.status === null) silence = ` (${answer.reason})`
        else if (statuses.includes(answer.status)) return 'refused'
        else if (admitted === undefined || fits(admitted, answer)) return 'admitted'
        return 'unclear'
      }
      const settles = (tally: Tally) => isSettled(tally, bands, samples, wanted)
      const longestMs = 2 * samples * SAMPLE_EVERY_MS + timeoutMs
      const tally = await takeSamples({samples, sample, isSettled: settles, longestMs, clock}, signal)
      const measured = `${shareText(tally)} are ${statuses.join(' or ')}${tally.unclear > 0 ? `, ${tally.unclear} cannot be told${silence}` : ''}`
      const left = samples - tally.taken
      if (left > 0 && !settles(tally)) return {position: 'unknown', fits: [], evidence: `${measured}, cut off before ${left} more`}
      return lookOf(bands, band => liesIn(tally, band), left > 0 ? `${measured}, settled without ${left} more` : measured)
    },
  }
}

function shareText({taken, refused}: Tally): string {
  return `${refused} of ${taken}${taken > 0 ? ` = ${((100 * refused) / taken).toFixed(1)} %` : ''}`
}

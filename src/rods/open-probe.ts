import type {Position} from '../incident/events.ts'
import {toPosition} from './position.ts'
import {countFlaws, type Flaw, shareFlaws} from './probe-flaws.ts'
import type {CommandExpectation} from './probes/command.ts'
import type {HttpExpectation} from './probes/http-expectation.ts'
import type {Share} from './probes/share.ts'
import type {Probe} from './rod.ts'
import type {RodContext} from './rod-context.ts'

/** Exactly one of the three, as `probe-schema.ts` checks it; durations in whole milliseconds. */
export interface ProbeSection {
  readonly http?: HttpProbeSection | undefined
  readonly command?: {readonly argv: readonly string[]; readonly timeout: number; readonly expect: Expect<CommandExpectation>} | undefined
  readonly tcp?: {readonly host: string; readonly port: number; readonly timeout: number; readonly expect: Expect<'open' | 'refused'>} | undefined
}

export interface HttpProbeSection {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly timeout: number
  readonly expect: Expect<HttpExpectation>
  readonly share?: Share | undefined
  readonly count?: {readonly url?: string | undefined; readonly json: string; readonly over: number} | undefined
  readonly masked_by?: readonly string[] | undefined
  readonly redirect?: number | undefined
}

type Expect<E> = Readonly<Record<string, E>>

/** What is known of the rod, and where in its section the probe stands: `['probe', 0]`, `['bypass']`. */
export interface ProbePlace {
  readonly rod: string
  readonly positions: readonly Position[]
  /** How long a move is verified: a look must fit in. */
  readonly verifyMs: number
  readonly path: readonly (string | number)[]
  /** A way in that works shows `withdrawn`, whatever the position of the rod; there is nothing else to expect. */
  readonly isBypass: boolean
}

/** @throws Fault config.invalid, with the place in the file · secret.missing */
export async function openProbe({http, command, tcp}: ProbeSection, place: ProbePlace, context: RodContext): Promise<Probe> {
  const refuse = refusing(place, context)
  if (http) return openHttp(http, place, context)
  if (command) {
    const expect = expected('command', command.expect, place, context)
    const {commandProbe} = await import('./probes/command.ts')
    return commandProbe({argv: command.argv, cwd: context.folder, timeoutMs: command.timeout, expect})
  }
  if (!tcp) throw refuse({path: [], message: 'needs one of http, command, tcp'})
  const {tcpProbe} = await import('./probes/tcp.ts')
  return tcpProbe({host: tcp.host, port: tcp.port, timeoutMs: tcp.timeout, expect: expected('tcp', tcp.expect, place, context)})
}

async function openHttp(http: HttpProbeSection, place: ProbePlace, context: RodContext): Promise<Probe> {
  const refuse = refusing(place, context)
  const {url, method, headers, timeout: timeoutMs, share, count, masked_by: maskedBy = [], redirect: redirects = 0} = http
  const {positions, verifyMs, isBypass} = place
  for (const key of ['share', 'count', 'masked_by'] as const) {
    if (isBypass && http[key] !== undefined)
      throw refuse({path: ['http', key], message: `a bypass is one answer that shows withdrawn; ${key} has no meaning here`})
  }
  if (maskedBy.includes(place.rod)) throw refuse({path: ['http', 'masked_by'], message: 'a rod does not mask itself'})
  const {userRequest} = await import('./probes/user-request.ts')
  const request = () => userRequest({url, method, headers, timeoutMs, redirects}, context.secret)
  if (share) {
    const expect = positionsOf('http', http.expect, place, context)
    const flaw = shareFlaws(share, {positions, verifyMs, expect: [...expect.keys()]})
    if (flaw) throw refuse({...flaw, path: ['http', ...flaw.path]})
    const {shareProbe} = await import('./probes/share.ts')
    return shareProbe({...share, request: await request(), timeoutMs, positions, admitted: expect.get('withdrawn'), maskedBy})
  }
  const {httpProbe} = await import('./probes/http.ts')
  if (!count) {
    const expect = expected('http', http.expect, place, context)
    return httpProbe({request: await request(), expect, maskedBy})
  }
  const expect = positionsOf('http', http.expect, place, context)
  const flaw = countFlaws({overMs: count.over}, {positions, verifyMs, expect: [...expect.keys()]})
  if (flaw) throw refuse({...flaw, path: ['http', ...flaw.path]})
  const asked = await request()
  const {countProbe} = await import('./probes/count.ts')
  return countProbe({
    ends: httpProbe({request: asked, expect, maskedBy}),
    counter: await asked.at(count.url ?? url),
    json: count.json,
    overMs: count.over,
    positions,
  })
}

/** Position → expectation, with both sides decidable: an answer that fits no side must not be taken for one. */
function expected<E>(kind: string, section: Expect<E>, place: ProbePlace, context: RodContext): ReadonlyMap<Position, E> {
  const map = positionsOf(kind, section, place, context)
  const others = map.size - Number(map.has('withdrawn'))
  if (map.has('withdrawn') && (place.isBypass ? others === 0 : others > 0)) return map
  const message = place.isBypass
    ? 'must say what withdrawn looks like and nothing else: for whoever has a way in, the rod is out'
    : 'must say what withdrawn looks like, and what a rod that is in does: else nothing can be decided'
  throw refusing(place, context)({path: [kind, 'expect'], message})
}

function positionsOf<E>(kind: string, section: Expect<E>, place: ProbePlace, context: RodContext): ReadonlyMap<Position, E> {
  const {positions} = place
  return new Map(
    Object.entries(section).map(([key, expected]) => {
      const position = toPosition(key, positions)
      if (position !== null) return [position, expected] as const
      const message = `${JSON.stringify(key)} is no position of this rod; it has ${positions.join(', ')}`
      throw refusing(place, context)({path: [kind, 'expect', key], message})
    }),
  )
}

function refusing({path: base}: ProbePlace, {invalid}: RodContext) {
  return ({path, message}: Flaw) => invalid([{path: [...base, ...path], message}])
}

import {evolveBoard} from '../incident/board.ts'
import type {Board} from '../incident/board-state.ts'
import {decide} from '../incident/decide.ts'
import type {Recorded} from '../incident/events.ts'
import type {Act, Intention, World} from '../incident/intentions.ts'
import {boardProjection, incidentProjection} from '../incident/projections.ts'
import {DEFAULT_CADENCE_MS} from '../incident/words.ts'
import type {AppendOptions, Journal} from '../journal/journal.ts'
import {accept} from './accept.ts'
import type {Desk, Done} from './desk.ts'
import {followPage} from './follow-page.ts'
import {meantIncident} from './meant-incident.ts'
import {workspaceNames} from './workspace-names.ts'

/** What every recording action takes besides its own input; the same names as flags and as keys of a runbook's `with:`. */
export interface Writing {
  /** When it happened, as typed: `-5m`, `15:52`, RFC 3339 … */
  readonly at?: string | undefined
  /** UUID that makes repeating the call harmless: what was recorded under it is answered again. */
  readonly id?: string | undefined
}

export interface Where {
  /** Which incident: a given id, or what `meantIncident` finds. */
  readonly incident?: string
  readonly want?: 'write' | 'look' | 'maybe'
}

/**
 * The one way an intention becomes record: folds, decides and appends in one transaction, then lets the page follow.
 * A second call with the same `id` answers with what the first recorded and adds nothing; for other content it is refused.
 * @throws Fault as `decide` refuses, as `meantIncident` and the journal say
 */
export async function recordIntention(desk: Desk, act: Act, writing: Writing, where: Where = {}): Promise<Done> {
  const journal = await desk.journal()
  const earlier = writing.id === undefined ? undefined : await (await repeats()).recordedBefore(journal, writing.id, act, desk.redact)
  if (earlier) return {events: earlier, undelivered: []}
  const incident = where.incident ?? (await meant(desk, journal, where.want ?? 'write'))
  const {events, board} = await propose(desk, incident, {...act, ...(await timing(desk, writing.at))}, writing.id)
  return {events, undelivered: await followPage(desk, board)}
}

/** Folds, decides, appends; the page is the caller's to follow. Shared with rods, which record twice. */
export async function propose(
  desk: Desk,
  incident: string | null,
  intention: Intention,
  id?: string,
  options: AppendOptions = {},
): Promise<{events: readonly Recorded[]; board: Board}> {
  const journal = await desk.journal()
  const surroundings = await surroundingsOf(desk, intention)
  const named = id === undefined ? undefined : await repeats()
  let before: Board | undefined
  const events = await journal.decide(
    incident,
    [incidentProjection(incident ?? ''), boardProjection],
    (state, board) => {
      before = board
      const world: World = {incident: incident === null ? null : state, board, now: desk.clock.now(), actor: desk.actor.name, ...surroundings}
      const drafts = accept(decide(world, intention))
      return named && id !== undefined ? named.withId(intention.intend, drafts, id) : drafts
    },
    options,
  )
  const board = events.reduce(evolveBoard, before ?? boardProjection.initial())
  desk.notice(board, events.length > 0)
  return {events, board}
}

/** Components and cadence come from the workspace, and only these acts look at them: a note never parses YAML. */
const LOOKS_AT_WORKSPACE: ReadonlySet<Act['intend']> = new Set([
  'open',
  'update',
  'schedule-update',
  'post-scheduled',
  'fill-silence',
  'resolve',
  'reopen',
  'component',
])

export async function surroundingsOf(desk: Desk, {intend}: Act): Promise<Pick<World, 'components' | 'cadenceMs'>> {
  if (!LOOKS_AT_WORKSPACE.has(intend)) return {components: [], cadenceMs: DEFAULT_CADENCE_MS}
  const {components, cadenceMs, problem} = await workspaceNames(desk)
  if (problem !== null) desk.narrate(`! ${problem}\n  going on without it: any component is taken, the next update is promised as by default; scram doctor`)
  return {components: components.filter(({isPublic}) => isPublic).map(({id}) => id), cadenceMs}
}

async function meant(desk: Desk, journal: Journal, want: 'write' | 'look' | 'maybe'): Promise<string | null> {
  const board = await journal.fold(boardProjection)
  desk.notice(board)
  return want === 'maybe' ? meantIncident(desk, journal, board, want) : meantIncident(desk, journal, board, want)
}

/** `--at` as typed → when it happened. Nothing typed: now, known exactly. */
export async function timing(desk: Desk, at: string | undefined): Promise<{at?: string; basis?: 'stated'; precisionMs?: number}> {
  if (at === undefined) return {}
  const {parseInstant} = await import('../lib/times.ts')
  const {epochMs, precisionMs} = await parseInstant(at, {now: desk.clock.now()})
  return {at: new Date(epochMs).toISOString(), basis: 'stated', precisionMs}
}

/** Loaded for `--id` alone: most writes have none. */
const repeats = () => import('./recorded-before.ts')

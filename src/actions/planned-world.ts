import {evolveBoard} from '../incident/board.ts'
import {type Board, maybeIn} from '../incident/board-state.ts'
import type {Draft, Recorded} from '../incident/events.ts'
import {evolve} from '../incident/evolve.ts'
import {boardProjection, incidentProjection} from '../incident/projections.ts'
import type {IncidentState} from '../incident/state.ts'
import {iso} from '../lib/clock.ts'
import type {Change} from '../runbook/check-ports.ts'
import type {Desk} from './desk.ts'

/** The record as the planned steps would leave it, in memory: the same folds, and nothing is appended. */
export interface PlannedWorld {
  readonly incident: string
  board(): Board
  state(): IncidentState
  /** Folds these in and answers with what they change. `rods.X` stands for a rod's position. */
  apply(drafts: readonly Draft[]): readonly Change[]
  /** Rods that a planned step moves: where they stand is no longer what can be read now. */
  readonly moved: Set<string>
  id(): string
}

export async function plannedWorld(desk: Desk, incident: string): Promise<PlannedWorld> {
  const journal = await desk.journal()
  let board = await journal.fold(boardProjection)
  let state = await journal.fold(incidentProjection(incident))
  let seq = 0
  const id = () => desk.ids.uuid(desk.clock.now())
  const recorded = (draft: Draft): Recorded => {
    const now = desk.clock.now()
    seq += 1
    const chained = {v: 1, id: id(), incident, origin: 'plan', epoch: 0, seq, prev: '', hash: '', hlc: [now, seq], recorded: iso(now)} as const
    return {...chained, at: iso(now), actor: {name: desk.actor.name, kind: 'run'}, ...draft} as Recorded // an envelope around a draft
  }
  return {
    incident,
    board: () => board,
    state: () => state,
    moved: new Set(),
    id,
    apply(drafts) {
      const before = factsIn(state, board)
      for (const event of drafts.map(recorded)) {
        state = evolve(state, event)
        board = evolveBoard(board, event)
      }
      const after = factsIn(state, board)
      const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
      return names.filter(name => before[name] !== after[name]).map(what => ({what, before: before[what] ?? null, after: after[what] ?? null}))
    },
  }
}

/** What a step may change and a person would look for. Titles and texts are in what is sent; times differ each time. */
function factsIn({phase, severity, impact, updates, roles, components, milestones}: IncidentState, board: Board): Readonly<Record<string, string>> {
  if (phase === 'none') return rodsIn(board)
  const under = (name: string, values: readonly (readonly [string, string])[]) => values.map(([key, value]) => [`incident.${name}.${key}`, value] as const)
  const posted = updates.at(-1)?.status
  return Object.fromEntries([
    ['incident.phase', phase],
    ['incident.severity', severity],
    ...(posted ? [['incident.status', posted] as const] : []),
    ...(impact ? [['incident.impact', impact] as const] : []),
    ...under('roles', Object.entries(roles)),
    ...under(
      'components',
      Object.entries(components).map(([id, changes]) => [id, changes.at(-1)?.status ?? 'operational'] as const),
    ),
    ...under(
      'milestones',
      Object.keys(milestones).map(milestone => [milestone, 'marked'] as const),
    ),
    ...Object.entries(rodsIn(board)),
  ])
}

function rodsIn({rods}: Board): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.values(rods).map(rod => [`rods.${rod.rod}`, maybeIn(rod) && rod.status !== 'inserted' ? `${rod.verified} (${rod.status})` : rod.verified]),
  )
}

import {expect, it} from '@jest/globals'
import type {Board} from '../../src/incident/board-state.ts'
import {boardProjection, incidentProjection} from '../../src/incident/projections.ts'
import type {IncidentState} from '../../src/incident/state.ts'
import type {Projection} from '../../src/journal/journal.ts'
import {history, ID, opened} from './history.ts'

it('the folds have the shape the journal keeps snapshots of', () => {
  const board: Projection<Board> = boardProjection
  const incident: Projection<IncidentState> = incidentProjection(ID)
  const [event] = history(opened)
  if (!event) throw new Error('one was written')
  expect(board.evolve(board.initial(), event).open).toHaveProperty(ID)
  expect(incident.evolve(incident.initial(), event).phase).toBe('open')
  expect([incident.name, incident.key, incident.incident]).toEqual(['incident', ID, ID])
})

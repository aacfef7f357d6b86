import {maybeIn} from '../incident/board-state.ts'
import {boardProjection} from '../incident/projections.ts'
import type {Desk} from './desk.ts'

/**
 * What the rods that are in would have the public know: their `public_note`s, one a line, as they stood when the rods
 * went in. Proposed to a person, never posted by itself.
 */
export async function proposeText(desk: Desk): Promise<string> {
  const {rods} = await (await desk.journal()).fold(boardProjection)
  const notes = Object.values(rods).flatMap(state => (maybeIn(state) && state.note !== null ? [state.note] : []))
  return [...new Set(notes)].join('\n')
}

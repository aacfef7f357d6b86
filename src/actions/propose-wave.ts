import {evolveBoard} from '../incident/board.ts'
import type {Board} from '../incident/board-state.ts'
import {decide} from '../incident/decide.ts'
import type {Draft, Intent, Recorded} from '../incident/events.ts'
import {boardProjection, incidentProjection} from '../incident/projections.ts'
import {violations} from '../incident/rod-rules.ts'
import {DEFAULT_CADENCE_MS} from '../incident/words.ts'
import {Fault} from '../lib/fault.ts'
import type {Before} from '../rods/observe.ts'
import type {Rod} from '../rods/rod.ts'
import type {Desk} from './desk.ts'
import {intentOf, type Moving} from './move-rod.ts'

export interface WaveEntry {
  readonly rod: Rod
  readonly before: Before
  readonly moving: Moving
}

/**
 * The intents of a whole wave, decided one after another on the same record and appended in one transaction: two rods of
 * a wave that exclude each other do not both go in. Answers per rod with its intent, or with why it is refused.
 */
export async function proposeWave(desk: Desk, incident: string | null, entries: readonly WaveEntry[]): Promise<ReadonlyMap<string, Recorded | Fault>> {
  const answers = new Map<string, Recorded | Fault>()
  if (entries.length === 0) return answers
  const journal = await desk.journal()
  const now = desk.clock.now()
  let before: Board | undefined
  const events = await journal.decide(incident, [incidentProjection(incident ?? ''), boardProjection], (state, board) => {
    answers.clear()
    before = board
    const drafts: Draft[] = []
    let after = board
    for (const entry of entries) {
      const {intend, terms} = entry.moving
      const move = withApprovalsSetAside(after, entry, desk.actor.name, now)
      const world = {incident: incident === null ? null : state, board: after, now, actor: desk.actor.name, components: [], cadenceMs: DEFAULT_CADENCE_MS}
      const decision = decide(world, {intend, move, ...terms})
      if (decision.refused) {
        answers.set(entry.rod.id, new Fault(decision.code, decision.message, {hints: decision.hints}))
        continue
      }
      for (const draft of decision.events) {
        drafts.push(draft)
        after = evolveBoard(after, asIfRecorded(draft, incident, desk.actor, now))
      }
    }
    return drafts
  })
  for (const event of events) if (event.kind === 'rod.inserting') answers.set(event.data.rod, event)
  if (before) desk.notice(events.reduce(evolveBoard, before))
  return answers
}

/** A bank is for the moment when nobody has time to find a second person: that rule is set aside, on the record. */
function withApprovalsSetAside(board: Board, {rod: {rules, ...rod}, before, moving}: WaveEntry, actor: string, now: number): Intent {
  const move = intentOf({...rod, rules}, before, moving)
  const isMissing = violations(board, {way: 'insert', move, rules, actor, now}).some(({name}) => name === 'approvals')
  return isMissing ? {...move, overrides: ['approvals']} : move
}

/** What the board must know of a draft to decide the next one. */
function asIfRecorded(draft: Draft, incident: string | null, actor: Desk['actor'], now: number): Recorded {
  const at = new Date(now).toISOString()
  const envelope = {
    v: 1,
    id: `${at}/${draft.kind}`,
    incident,
    origin: '',
    epoch: 0,
    seq: 0,
    prev: '',
    hash: '',
    hlc: [now, 0] as const,
    at,
    recorded: at,
    actor,
  }
  return {...envelope, ...draft} as Recorded // only folded, never kept
}

import type {IncidentState, PostedUpdate, Stamp} from './state.ts'

/** What stands in place of a hidden text, in every view and export. */
export const REDACTED = '[redacted]'

/**
 * Hides the text of one entry in everything the state holds of it: the body of an update and the earlier texts of its
 * amendments, pinned notes, actions, the reason of a reopening, the text of a hand-over, the headline. A title stays: an
 * incident needs a name, and `scram retitle` gives it another.
 */
export function redact(state: IncidentState, entry: string, why: string): IncidentState {
  const isLastEnd = state.closed?.entry === entry || state.resolves.at(-1)?.entry === entry
  return {
    ...state,
    redacted: {...state.redacted, [entry]: why},
    updates: state.updates.map(update => hideIn(update, entry, why)),
    pinned: hideText(state.pinned, entry),
    actions: hideText(state.actions, entry),
    reopens: state.reopens.map(each => (each.entry === entry ? {...each, why: REDACTED} : each)),
    leftIn: isLastEnd ? state.leftIn.map(each => ({...each, why: REDACTED})) : state.leftIn,
    handoff: state.handoff?.offer === entry && state.handoff.text !== undefined ? {...state.handoff, text: REDACTED} : state.handoff,
    headline: state.headlineEntry === entry ? null : state.headline,
  }
}

function hideText<T extends Stamp & {readonly text: string}>(items: readonly T[], entry: string): readonly T[] {
  return items.map(item => (item.entry === entry ? {...item, text: REDACTED} : item))
}

function hideIn(update: PostedUpdate, entry: string, why: string): PostedUpdate {
  if (update.entry === entry) {
    const amendments = update.amendments.map(each => ({...each, before: REDACTED}))
    return {...update, body: REDACTED, redacted: why, amendments}
  }
  const hidden = update.amendments.findIndex(each => each.entry === entry)
  if (hidden < 0) return update
  // What an amendment said is what the next one replaced, or what the update says now.
  const isLast = hidden === update.amendments.length - 1
  if (isLast) return {...update, body: REDACTED, redacted: why}
  return {...update, amendments: update.amendments.map((each, i) => (i === hidden + 1 ? {...each, before: REDACTED} : each))}
}

/**
 * The decision table of a move: what three facts together let us say. Pure, so that every row is a line of a test.
 */

/**
 * How the calls went, over all targets. `partial`: some targets took it and others did not. `asked`: nothing was sent
 * now, somebody asks how an earlier move ended.
 */
export type Contact = 'acknowledged' | 'unanswered' | 'refused' | 'unreachable' | 'partial' | 'asked'
/** What a side shows, measured against the wanted position. `none`: the rod has no probe, or goes in blind. */
export type Seen = 'wanted' | 'other' | 'unknown'

export interface Facts {
  readonly contact: Contact
  readonly readBack: Seen
  readonly effective: Seen | 'none'
}

export type Verdict = 'effective' | 'unverified' | 'jammed'

/**
 * Only a probe that agrees makes a rod effective, and it always does, unless targets disagree. A move is jammed when
 * nothing of it arrived and the world shows another position; everything else is unverified: nobody knows.
 */
export function judge({contact, readBack, effective}: Facts): Verdict {
  switch (contact) {
    case 'partial':
      return 'unverified'
    case 'acknowledged':
    case 'unanswered':
      return effective === 'wanted' ? 'effective' : 'unverified'
    case 'refused':
      return effective === 'wanted' ? 'effective' : 'jammed'
    case 'unreachable':
      if (effective === 'wanted') return 'effective'
      return readBack === 'other' || (effective === 'other' && readBack !== 'wanted') ? 'jammed' : 'unverified'
    case 'asked':
      if (effective === 'wanted') return 'effective'
      // The earlier call may still be on its way (a flag server's refresh), so one side alone settles nothing.
      return readBack === 'other' && (effective === 'other' || effective === 'none') ? 'jammed' : 'unverified'
  }
}

/** What to tell the person besides the verdict, or null: two facts contradict each other. */
export function contradiction({contact, readBack, effective}: Facts): string | null {
  if (effective !== 'wanted') return null
  if (contact === 'refused') return 'the call was refused, yet the probe agrees: someone else did it'
  if (contact === 'unreachable') return 'nothing could be sent, yet the probe agrees: someone else did it'
  if (readBack === 'other') return 'the control side and the probe contradict each other'
  return null
}

import {NOT_RECORDED, printLength} from '../../incident/durations-print.ts'
import type {Recorded} from '../../incident/events.ts'
import {formatDuration} from '../../lib/durations.ts'
import type {Facts} from '../facts.ts'
import type {HeldRod} from '../held-rods.ts'
import type {Part, Pen} from '../pen.ts'
import {clock, NOTHING, percent, textNow} from '../say.ts'

const HEADER = ['Rod', 'Inserted', 'Withdrawn', 'Held', 'Share of impact', 'Verified in / out', 'Withdrawn by']

/** Which control rods were in, from when to when, and whether anybody saw that they were. */
export function rodsTable(facts: Facts, pen: Pen): readonly Part[] {
  const {rods, startMs, state} = facts
  if (rods.length === 0) return [pen.paragraph('No move of a control rod was recorded.')]
  const table = pen.table(
    HEADER,
    rods.map(rod => {
      const inserted = clock(rod.inserted, startMs)
      return [
        `${rod.rod}, ${inserted}`,
        inserted,
        rod.withdrawn
          ? `${clock(rod.withdrawn, startMs)}${rod.isOutUnverified ? ", by a person's word" : ''}`
          : rod.isOutUnverified
            ? 'sent, not verified'
            : 'not withdrawn',
        `${rod.held ? printLength(rod.held) : `verified: ${NOT_RECORDED}`}${rod.lateMs === null ? '' : `, ${formatDuration(Math.max(Math.round(rod.lateMs / 1000), 1) * 1000)} past its expiry`}`,
        rod.share === null ? NOTHING : percent(rod.share, rod.held?.approx ?? false),
        `${verified(rod.verifiedIn)} / ${verified(rod.out)}`,
        withdrawnBy(rod, facts),
      ]
    }),
  )
  const left = rods
    .filter(({out}) => out === null)
    .map(({rod}) => {
      const known = state.leftIn.findLast(each => each.rod === rod)
      const end = [...state.resolves, ...(state.closed ? [state.closed] : [])].at(-1)?.entry ?? ''
      return known ? `Left in: ${rod}, until ${known.expiresAt}: ${textNow(state, end, known.why)}` : `Left in: ${rod}.`
    })
  return left.length === 0 ? [table] : [table, pen.bullets(left)]
}

type Moved = Extract<Recorded, {kind: 'rod.inserted' | 'rod.unverified' | 'rod.withdrawn'}>

/** The third fact, through the users' path: when the probe agreed, counted from the intent. */
function verified(move: Moved | null): string {
  const effective = move?.data.effective
  return effective && effective.position === move.data.to ? `${effective.probe}, ${effective.ms} ms` : NOT_RECORDED
}

function withdrawnBy({out}: HeldRod, {who}: Facts): string {
  if (!out) return NOTHING
  return out.actor.kind === 'watch' ? 'expiry' : who(out)
}

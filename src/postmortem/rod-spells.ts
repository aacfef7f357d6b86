import type {Opaque, Recorded} from '../incident/events.ts'
import {isOutByWord} from '../incident/rod-outcome.ts'
import {isKind} from './who.ts'

type Moved = Extract<Recorded, {kind: 'rod.inserted' | 'rod.unverified' | 'rod.withdrawn'}>

/** One rod from the moment it went in to the moment it came out, as far as the record knows. */
export interface RodSpell {
  readonly rod: string
  /** First outcome that sent it in; null: the record of this incident has none (it was in before). */
  readonly sent: Moved | null
  /** First outcome in which the probe agreed; null: never verified. */
  readonly verifiedIn: Moved | null
  /** The outcome that said it is out; null: still in. */
  readonly out: Moved | null
  /** When it was due out, as last set; null: never said. */
  readonly dueAt: string | null
  /** A withdrawal was sent and not confirmed: it may be out; with `out`, a person gave their word for it. */
  readonly isOutUnverified: boolean
}

/** In the order in which they began. `events` are in order of time. */
export function rodSpells(events: readonly (Recorded | Opaque)[]): readonly RodSpell[] {
  const done: RodSpell[] = []
  const open = new Map<string, RodSpell>()
  for (const event of events) {
    if (isKind(event, 'rod.extended')) {
      const spell = open.get(event.data.rod)
      if (spell) open.set(event.data.rod, {...spell, dueAt: event.data.expiresAt})
      continue
    }
    if (!isKind(event, 'rod.inserted') && !isKind(event, 'rod.unverified') && !isKind(event, 'rod.withdrawn')) continue
    const {rod, to, expiresAt} = event.data
    const spell = open.get(rod) ?? {rod, sent: null, verifiedIn: null, out: null, dueAt: null, isOutUnverified: false}
    if (event.kind === 'rod.withdrawn' || (event.kind === 'rod.unverified' && isOutByWord(event.data))) {
      open.delete(rod)
      done.push({...spell, out: event, isOutUnverified: event.kind !== 'rod.withdrawn'})
    } else if (event.kind === 'rod.unverified' && to === 'withdrawn') {
      open.set(rod, {...spell, isOutUnverified: true})
    } else {
      const isVerified = event.kind === 'rod.inserted'
      open.set(rod, {
        ...spell,
        sent: spell.sent ?? event,
        verifiedIn: spell.verifiedIn ?? (isVerified ? event : null),
        dueAt: expiresAt ?? spell.dueAt,
        isOutUnverified: false,
      })
    }
  }
  const begin = ({sent, out}: RodSpell) => (sent ?? out)?.at ?? ''
  return [...done, ...open.values()].sort((a, b) => (begin(a) < begin(b) ? -1 : begin(a) > begin(b) ? 1 : a.rod < b.rod ? -1 : 1))
}

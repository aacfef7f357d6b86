import type {Opaque, Outcome, Recorded} from '../incident/events.ts'

/** One move of a rod with its three facts, in ms from the intent; null: that fact is missing. */
export interface RodMove {
  readonly rod: string
  readonly to: string
  readonly outcome: 'inserted' | 'withdrawn' | 'unverified' | 'jammed'
  readonly at: string
  readonly by: string
  readonly why: string
  /** The slowest target; null unless all acknowledged. */
  readonly acknowledgedMs: number | null
  readonly readBackMs: number | null
  readonly effectiveMs: number | null
  /** Of an insertion: until the withdrawal that followed; null while it is in. */
  readonly heldMs: number | null
}

const MOVED = {'rod.inserted': 'inserted', 'rod.withdrawn': 'withdrawn', 'rod.unverified': 'unverified', 'rod.jammed': 'jammed'} as const

type Moved = Extract<Recorded, {kind: keyof typeof MOVED}>

/** In the order of the events. */
export function rodMoves(events: readonly (Recorded | Opaque)[]): readonly RodMove[] {
  const moved = events.filter(isMoved)
  return moved.map((event, index) => {
    const {data} = event
    const out = event.kind === 'rod.inserted' ? moved.slice(index + 1).find(later => later.kind === 'rod.withdrawn' && later.data.rod === data.rod) : undefined
    return {
      rod: data.rod,
      to: data.to,
      outcome: MOVED[event.kind],
      at: event.at,
      by: event.actor.name,
      why: data.why,
      acknowledgedMs: slowest(data.targets.map(target => target.acknowledged?.ms)),
      readBackMs: slowest(data.targets.map(target => (target.readBack?.position === data.to ? target.readBack.ms : undefined))),
      effectiveMs: data.effective?.position === data.to ? data.effective.ms : null,
      heldMs: out ? Date.parse(out.at) - Date.parse(event.at) : null,
    }
  })
}

const isMoved = (event: Recorded | Opaque): event is Moved => event.kind in MOVED && isOutcome(event.data)
const isOutcome = (data: unknown): data is Outcome => data instanceof Object && 'targets' in data

function slowest(facts: readonly (number | undefined)[]): number | null {
  const known = facts.filter(ms => ms !== undefined)
  return known.length === facts.length && known.length > 0 ? Math.max(...known) : null
}

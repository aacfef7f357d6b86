import type {Actor} from '../incident/events.ts'
import type {Clock} from '../lib/clock.ts'
import type {Ids} from '../lib/ids.ts'

/** Who keeps the record, and with what: everything a journal is handed instead of reaching for it. */
export interface Keeper {
  readonly clock: Clock
  readonly ids: Ids
  readonly actor: Actor
  /** Known secrets and secret-looking text out of a value, before it is hashed: nothing can be taken out later. */
  readonly redact: (value: unknown) => unknown
}

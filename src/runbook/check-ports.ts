import type {Clock} from '../lib/clock.ts'
import type {ActionCall, ActionTable, CommandCall, Facts, JsonMap, Performed, Ran} from './ports.ts'

/** One fact that a step would change, as people and expressions name it: `rods.api-maintenance`, `incident.status`. */
export interface Change {
  readonly what: string
  /** Null: not there. */
  readonly before: string | null
  readonly after: string | null
}

/** What a step would do to the world as the steps before it would leave it. */
export type Planned =
  /** `outputs` null: known only once it ran. `hidden`: outputs among them that are made then. */
  | {
      readonly end: 'planned'
      readonly lines: readonly string[]
      readonly changes: readonly Change[]
      readonly outputs: JsonMap | null
      readonly hidden?: readonly string[]
      /** The exact requests where `with` only names them: a plan vouches for these, too. */
      readonly requests?: readonly string[]
    }
  | {readonly end: 'skipped'; readonly reason: string}
  | {readonly end: 'refused'; readonly message: string; readonly lines: readonly string[]}
  /** A value it needs is not known yet. `touches`: the facts that nobody can tell from here on. */
  | {readonly end: 'unknown'; readonly message: string; readonly touches: readonly string[]}

/** What a check is handed. Nothing of it records, sends or writes. */
export interface CheckPorts {
  readonly clock: Clock
  readonly actions: ActionTable
  /** Who would drive the run. */
  readonly by: string
  /** Effect `none`: really looks. Must end when the signal fires. `failed`: there is no answer from here. */
  look(call: Pick<ActionCall, 'uses' | 'with' | 'instance'>, signal: AbortSignal): Promise<Performed>
  /** Any other effect: plans it, and from then on `facts` are as it would leave them. `isWhole`: every value is known. */
  plan(call: Pick<ActionCall, 'uses' | 'with' | 'instance'>, isWhole: boolean): Promise<Planned>
  /** The `check` of a `run` step: keeps nothing. */
  tryCommand(call: Pick<CommandCall, 'argv' | 'env' | 'secrets' | 'instance'>, signal: AbortSignal): Promise<Ran>
  facts(): Promise<Facts>
  /** Takes secrets out of text. */
  mask(text: string): string
}

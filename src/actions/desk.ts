/**
 * What an action works with: openers, the clock, ids, the person. Nothing behind an opener is opened, parsed or imported
 * before it is called, so a broken status page or secret never stops `rod insert`. Built by `cli/desk.ts`, by the drill
 * and by tests.
 */
import type {Board} from '../incident/board-state.ts'
import type {Actor, Recorded} from '../incident/events.ts'
import type {ComponentKind, Severity} from '../incident/words.ts'
import type {Flaw, Journal} from '../journal/journal.ts'
import type {Clock} from '../lib/clock.ts'
import type {Ids} from '../lib/ids.ts'
import type {Memos} from '../lib/memos.ts'
import type {RedactedStream} from '../lib/redact-stream.ts'
import type {Rod} from '../rods/rod.ts'
import type {Systems} from '../rods/runs-without.ts'

export interface Desk {
  readonly clock: Clock
  readonly ids: Ids
  readonly actor: Actor
  /** Folder of the record; null when there is none that can be named (no HOME and no passwd entry). */
  readonly home: string | null
  /** Of scram itself, as documents name their maker. */
  version(): string
  /** Names the program as it runs, another one for any change of it; null: it runs from sources, which change under us. */
  build(): string | null
  /** Which incident the person meant: --incident, $SCRAM_INCIDENT, else what `scram use` chose. */
  readonly choice: Choice
  /** What earlier processes worked out from files and kept. */
  readonly memos: Memos
  journal(): Promise<Journal>
  /** The next `journal()` opens the file anew: for a process that outlives a full disk. */
  reopen?(): Promise<void>
  /** Before the journal is opened: a record that is being put right must have no other user in this process. */
  readonly repair: RecordRepair
  workspace(): Promise<Workspace>
  rods(): Promise<RodShelf>
  /** Checks every section and every rod of the workspace, for `doctor`. @throws Fault config.invalid with all findings */
  checkWorkspace?(): Promise<void>
  /** A record in memory under another clock, for runbook tests: nothing of it reaches a disk. */
  rehearse?(clock: Clock): Promise<Journal>
  /** A secret's value by its reference, told to the redactor. @throws Fault secret.missing */
  secret(reference: string): Promise<string>
  /** Known secrets and what looks like one, out of a text. */
  redact(text: string): string
  /** The same of a text that comes in pieces. */
  redactStream(): RedactedStream
  /** One line on stderr for the person; never a result. */
  narrate(line: string): void
  /** Hands the board an action folded to whoever prints the reminders afterwards. `hasRecorded`: after it had recorded something. */
  notice(board: Board, hasRecorded?: boolean): void
  /** Present only with a terminal (stdin and stderr) and without --json. */
  readonly ask: Ask | null
}

/** Putting the record of this machine right, on purpose and by a person. */
export interface RecordRepair {
  /** Salvages a damaged file, takes in the emergency logs; with nothing to do nothing is touched. @throws Fault journal.unwritable · journal.busy */
  recover(): Promise<Recovered>
  /** A restored backup or a copied machine: our records go on under a new epoch. Answers with its number. */
  newEpoch(): Promise<number>
}

export interface Recovered {
  /** The file held no record yet: a first write had found no room, and nothing is damaged. */
  readonly isNew: boolean
  /** Null: the file was sound. */
  readonly salvaged: {readonly kept: number; readonly lost: readonly Flaw[]; readonly epoch: number; readonly quarantine: string} | null
  readonly imported: number
  readonly duplicates: number
  readonly refused: readonly {readonly id: string; readonly reason: string}[]
  readonly settled: readonly string[]
}

export interface Choice {
  /** --incident or $SCRAM_INCIDENT: any unique part of an id. */
  readonly named: string | null
  /** What `scram use` last chose; null when nothing. */
  used(): Promise<string | null>
  use(incident: string | null): Promise<void>
}

/** The sections of scram.yaml that most actions need, defaults applied. Without a workspace: empty lists, defaults. */
export interface Workspace {
  /** Null: none found, everything works on defaults. */
  readonly folder: string | null
  readonly page: {readonly name: string; readonly url: string | null}
  readonly groups: readonly {readonly id: string; readonly name: string; readonly description?: string}[]
  readonly components: readonly ComponentDefinition[]
  /** What an update without `next` promises, per severity, in ms. */
  readonly cadenceMs: Readonly<Record<Severity, number>>
  readonly targets: readonly TargetDefinition[]
  /** Rods inserted together, in waves. */
  readonly banks?: readonly {readonly id: string; readonly title: string; readonly waves: readonly (readonly string[])[]}[]
  /** What a rod may be said to run without. */
  readonly systems?: Systems
  readonly postmortem: {readonly layout: 'scram'; readonly redact: readonly string[]}
}

export interface ComponentDefinition {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly group?: string
  readonly kind: ComponentKind
  readonly isPublic: boolean
  /** `2026-03-14`: since when its uptime counts. */
  readonly startDate?: string
  /** Show its uptime; true when absent. */
  readonly showcase?: boolean
  readonly onlyShowIfDegraded?: boolean
}

export interface TargetDefinition {
  readonly id: string
  readonly kind: 'directory'
  readonly path: string
  readonly url: string | null
}

/** The rods of the workspace. Opening one needs no other rod to be valid. */
export interface RodShelf {
  ids(): readonly string[]
  /** @throws Fault rod.not-found (nearest ids as hints) · config.invalid (this rod's section does not check) */
  get(id: string): Promise<Rod>
}

/** Questions to a person. Each rejects with an abort on Ctrl-C. */
export interface Ask {
  confirm(question: string, signal: AbortSignal): Promise<boolean>
  text(question: string, signal: AbortSignal): Promise<string>
  choose<T extends string>(question: string, choices: readonly {readonly value: T; readonly name: string}[], signal: AbortSignal): Promise<T>
}

/** What an action that changed the record answers with: what was recorded, and what did not get out. */
export interface Done {
  readonly events: readonly Recorded[]
  /** Lines that say what did not reach the outside; with any the exit code is 3 (recorded here only). */
  readonly undelivered: readonly string[]
}

import type {ComponentKind, Severity} from '../incident/words.ts'
import type {Fault} from '../lib/fault.ts'
import type {Memos} from '../lib/memos.ts'
import type {Redactor} from '../lib/redact.ts'
import type {FileFinding} from './file-fault.ts'
import type {RodDefinition} from './rod-definition.ts'

export interface OpenWorkspaceOptions {
  /** --workspace or $SCRAM_WORKSPACE. */
  readonly named: string | undefined
  /** Where the upward search begins. */
  readonly from: string
  /** Where the page goes with no workspace, or one without targets. */
  readonly home: string | null
  readonly env: Readonly<Record<string, string | undefined>>
  readonly redactor: Redactor
  /** Where what was checked is kept for the next process; absent: nowhere. */
  readonly memos?: Memos
}

/** `scram.yaml`, defaults applied. Each section is checked when it is first looked at, and only that one. */
export interface Sections {
  readonly folder: string | null
  readonly page: {readonly name: string; readonly url: string | null}
  readonly groups: readonly {readonly id: string; readonly name: string; readonly description?: string}[]
  readonly components: readonly ComponentSection[]
  readonly cadenceMs: Readonly<Record<Severity, number>>
  readonly targets: readonly {readonly id: string; readonly kind: 'directory'; readonly path: string; readonly url: string | null}[]
  readonly banks: readonly {readonly id: string; readonly title: string; readonly waves: readonly (readonly string[])[]}[]
  /** What a rod may be said to run without: hosts (`*.example.com` for all below) and commands. */
  readonly systems: Readonly<Record<string, {readonly hosts?: readonly string[] | undefined; readonly commands?: readonly string[] | undefined}>>
  readonly postmortem: {readonly layout: 'scram'; readonly redact: readonly string[]}
}

export interface ComponentSection {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly group?: string
  readonly kind: ComponentKind
  readonly isPublic: boolean
  /** `2026-03-14`: since when its uptime counts. */
  readonly startDate?: string
  readonly showcase: boolean
  readonly onlyShowIfDegraded: boolean
}

export interface OpenedWorkspace {
  readonly workspace: Sections
  readonly rods: {
    ids(): readonly string[]
    /**
     * One rod, whatever else of the file is broken.
     * @throws Fault rod.not-found (nearest id as hint) · config.invalid (this rod, or `rod_defaults`)
     */
    definition(id: string): RodDefinition
    /** The Fault for findings about the rod, with their places; paths count from the rod. */
    invalid(id: string, findings: readonly FileFinding[]): Promise<Fault>
  }
  /** The value behind `env:NAME`, `file:/path`, `exec:[argv]`. @throws Fault secret.missing · config.invalid */
  secret(reference: string): Promise<string>
  /** Everything in the file, names that point at each other included: for doctor and lint. @throws Fault config.invalid */
  check(): Promise<void>
}

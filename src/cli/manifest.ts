/** What the build knows about a command: oclif's manifest entry, with our own static fields. Baked into the bundle. */
export interface ManifestCommand {
  readonly id: string
  readonly aliases: readonly string[]
  readonly summary?: string
  readonly description?: string
  readonly hidden?: boolean
  readonly strict?: boolean
  readonly examples?: readonly {readonly description: string; readonly command: string}[]
  readonly args: Readonly<Record<string, ManifestArg>>
  readonly flags: Readonly<Record<string, ManifestFlag>>
  readonly exits?: Readonly<Record<string, string>>
}

export interface ManifestArg {
  readonly name: string
  readonly description?: string
  readonly required?: boolean
  readonly complete?: string
}

export interface ManifestFlag {
  readonly name: string
  readonly char?: string
  readonly type: 'boolean' | 'option'
  readonly summary?: string
  readonly helpValue?: string
  readonly multiple?: boolean
  readonly required?: boolean
  readonly hidden?: boolean
  readonly complete?: string
}

export type Manifest = Readonly<Record<string, ManifestCommand>>
export type Loaders = Readonly<Record<string, () => Promise<{readonly default: CommandClass}>>>

/** What the entry needs of a command class. */
export interface CommandClass {
  run(argv: string[], options: unknown): Promise<unknown>
}

declare global {
  /** Replaced by the build; set by bin/dev.js when the sources run. */
  var SCRAM_BAKED: {readonly manifest: Manifest; readonly version: string; readonly root: string; readonly pjson: object}
}

export function baked(): typeof globalThis.SCRAM_BAKED {
  return SCRAM_BAKED
}

import type {Config} from '@oclif/core/config'

/** What the build knows about a command: oclif's manifest entry, cut to what help and completion read. */
export interface ManifestCommand {
  readonly id: string
  readonly aliases: readonly string[]
  readonly summary?: string
  readonly description?: string
  readonly hidden?: boolean
  readonly takesRest?: boolean
  readonly examples?: readonly {readonly description: string; readonly command: string}[]
  readonly args: Readonly<Record<string, ManifestArg>>
  readonly flags: Readonly<Record<string, ManifestFlag>>
  readonly exits?: Readonly<Record<string, string>>
}

export interface ManifestArg {
  readonly name: string
  readonly description?: string
  readonly required?: boolean
  readonly multiple?: boolean
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
  /** The closed list a value comes from. */
  readonly values?: readonly string[]
}

export type Manifest = Readonly<Record<string, ManifestCommand>>

/** Command id (`rod:insert`) → its chunk. */
export type Loaders = Readonly<Record<string, () => Promise<{readonly default: CommandClass}>>>

/** Words a person types (`rod:insert`, `in`) → command id: all the entry has to know to start one. */
export type Names = Readonly<Record<string, string>>

/** What the entry needs of a command. */
export interface CommandClass {
  id: string
  new (argv: string[], config: Config): {start(): Promise<void>}
}

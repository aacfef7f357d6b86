import {DEFAULT_CADENCE_MS} from '../incident/words.ts'
import {Fault} from '../lib/fault.ts'
import type {Desk, Workspace} from './desk.ts'

/** What an entry takes from the workspace. */
export type WorkspaceNames = Pick<Workspace, 'folder' | 'components' | 'cadenceMs'> & {
  /** Why they are not those of the file; null: they are. */
  readonly problem: string | null
}

/**
 * Components and cadence. A `scram.yaml` that somebody broke must not stand between a person and the record: it counts as
 * none, and whoever asks says so. A workspace of somebody else is refused as ever.
 * @throws Fault workspace.foreign · file.not-found (one was named that is not there)
 */
export async function workspaceNames(desk: Desk): Promise<WorkspaceNames> {
  try {
    const {folder, components, cadenceMs} = await desk.workspace()
    return {folder, components, cadenceMs, problem: null}
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'config.invalid')) throw error
    return {folder: null, components: [], cadenceMs: DEFAULT_CADENCE_MS, problem: error.message}
  }
}

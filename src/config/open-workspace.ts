import {join} from 'node:path'
import {DEFAULT_CADENCE_MS} from '../incident/words.ts'
import {Fault} from '../lib/fault.ts'
import {readFileBounded} from '../lib/files.ts'
import {defaultTargets} from './default-targets.ts'
import {FILE, findWorkspace} from './find-workspace.ts'
import type {OpenedWorkspace, OpenWorkspaceOptions} from './opened-workspace.ts'

const MOST_BYTES = 256 * 1024

/**
 * The workspace with its sections checked one by one, when they are asked for: a rod works although the page's section
 * is broken. Without a `scram.yaml` neither YAML nor zod is loaded.
 * @throws Fault config.invalid (it does not parse at all) · workspace.foreign · file.not-found
 */
export async function openWorkspace(options: OpenWorkspaceOptions): Promise<OpenedWorkspace> {
  const folder = findWorkspace(options.named, options.from)
  if (folder === null) return onDefaults(options)
  const text = textOf(join(folder, FILE))
  const {readWorkspace} = await import('./read-workspace.ts')
  return readWorkspace(folder, text, options)
}

function onDefaults({home}: OpenWorkspaceOptions): OpenedWorkspace {
  const noRod = (id: string) =>
    new Fault('rod.not-found', `there is no rod "${id.slice(0, 60)}": no ${FILE} was found here or above`, {
      hints: ['--workspace DIR or SCRAM_WORKSPACE names the folder that holds it'],
    })
  return {
    workspace: {
      folder: null,
      page: {name: 'Status', url: null},
      groups: [],
      components: [],
      cadenceMs: DEFAULT_CADENCE_MS,
      targets: defaultTargets(home),
      banks: [],
      systems: {},
      postmortem: {layout: 'scram', redact: []},
    },
    rods: {
      ids: () => [],
      definition(id) {
        throw noRod(id)
      },
      invalid: noRod,
    },
    secret: async () => {
      throw new Fault('bug', 'a secret was asked for without a workspace')
    },
    check: async () => undefined,
  }
}

/** A link is followed: who owns what it leads to was looked at. @throws Fault config.invalid */
function textOf(file: string): string {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(readFileBounded(file, MOST_BYTES, {follow: true}))
  } catch (cause) {
    const {code, message} = cause as NodeJS.ErrnoException
    const reason = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8' : code === 'EACCES' ? 'it may not be read' : message
    throw new Fault('config.invalid', `${file} cannot be used: ${reason}`, {cause})
  }
}

import {join} from 'node:path'
import {DEFAULT_CADENCE_MS} from '../incident/words.ts'
import {Fault} from '../lib/fault.ts'
import {readFileBounded} from '../lib/files.ts'
import type {Secrets} from '../lib/secrets.ts'
import {defaultTargets} from './default-targets.ts'
import {FILE, findWorkspace} from './find-workspace.ts'
import type {OpenedWorkspace, OpenWorkspaceOptions} from './opened-workspace.ts'
import type {ReadWorkspace} from './read-workspace.ts'
import {type KeptWorkspace, rememberedWorkspace} from './workspace-memo.ts'

const MOST_BYTES = 256 * 1024

/** Kept in place of a workspace in which something does not check: nobody looks at all of it in vain again. */
const FLAWED = 'flawed'

/**
 * The workspace with its sections checked one by one, when they are asked for: a rod works although the page's section
 * is broken. Neither YAML nor zod is loaded without a `scram.yaml`, or with one that an earlier process found in order.
 * @throws Fault config.invalid (it does not parse at all) · workspace.foreign · file.not-found
 */
export async function openWorkspace(options: OpenWorkspaceOptions): Promise<OpenedWorkspace> {
  const folder = findWorkspace(options.named, options.from)
  if (folder === null) return onDefaults(options)
  const {home, memos} = options
  const file = join(folder, FILE)
  const text = textOf(file)
  const secret = secretIn(folder, options)
  let reading: Promise<ReadWorkspace> | undefined
  const read = () => {
    reading ??= import('./read-workspace.ts').then(({readWorkspace}) => readWorkspace(folder, text, home))
    return reading
  }
  const name = `workspace ${file}`
  const kept = memos?.recall<KeptWorkspace | typeof FLAWED>(name, [text])
  if (kept && kept !== FLAWED) return {...rememberedWorkspace({folder, file, home}, kept, read), secret}
  const {whole, ...opened} = await read()
  if (kept === null) memos?.keep(name, [text], whole() ?? FLAWED)
  return {...opened, secret}
}

/** Each is resolved once per process. */
function secretIn(folder: string, {env, redactor}: OpenWorkspaceOptions): OpenedWorkspace['secret'] {
  let secrets: Promise<Secrets> | undefined
  return async reference => {
    secrets ??= import('../lib/secrets.ts').then(({makeSecrets}) => makeSecrets({env, folder, know: value => redactor.know(value)}))
    return (await (await secrets).get(reference)).reveal()
  }
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
      invalid: async id => noRod(id),
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

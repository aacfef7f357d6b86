import {readdir} from 'node:fs/promises'
import {join} from 'node:path'

/**
 * The runbook files of a workspace: `*.yaml` beside `scram.yaml` and in its `runbooks/`, never `scram.yaml` itself nor a
 * `*.test.yaml`. Sorted; paths begin with `folder`. A folder that is not there has none.
 */
export async function findRunbooks(folder: string): Promise<readonly string[]> {
  const [beside, inside] = await Promise.all([yamlFiles(folder), yamlFiles(join(folder, 'runbooks'))])
  return [...beside, ...inside]
}

async function yamlFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, {withFileTypes: true}).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })
  return entries
    .filter(
      entry =>
        !entry.isDirectory() &&
        entry.name.endsWith('.yaml') &&
        !entry.name.startsWith('.') &&
        entry.name !== 'scram.yaml' &&
        !entry.name.endsWith('.test.yaml'),
    )
    .map(({name}) => join(folder, name))
    .sort()
}

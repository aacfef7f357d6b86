import {readdir} from 'node:fs/promises'
import {join} from 'node:path'

/**
 * The runbook files of a workspace: `*.yaml` beside `scram.yaml` and in its `runbooks/`, never `scram.yaml` itself nor a
 * `*.test.yaml`. Sorted; paths begin with `folder`. A folder that is not there has none.
 */
export async function findRunbooks(folder: string): Promise<readonly string[]> {
  return filesIn(folder, name => name !== 'scram.yaml' && !name.endsWith('.test.yaml'))
}

/** Their tests, `NAME.test.yaml`, in the same two places. */
export async function findTests(folder: string): Promise<readonly string[]> {
  return filesIn(folder, name => name.endsWith('.test.yaml'))
}

async function filesIn(folder: string, isMeant: (name: string) => boolean): Promise<readonly string[]> {
  const [beside, inside] = await Promise.all([yamlFiles(folder, isMeant), yamlFiles(join(folder, 'runbooks'), isMeant)])
  return [...beside, ...inside]
}

async function yamlFiles(folder: string, isMeant: (name: string) => boolean): Promise<readonly string[]> {
  const entries = await readdir(folder, {withFileTypes: true}).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })
  return entries
    .filter(entry => !entry.isDirectory() && entry.name.endsWith('.yaml') && !entry.name.startsWith('.') && isMeant(entry.name))
    .map(({name}) => join(folder, name))
    .sort()
}

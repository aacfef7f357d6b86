import {open} from 'node:fs/promises'

/** A new file with these bytes, durable, readable by everybody whatever our umask says. */
export async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o644)
  try {
    await file.writeFile(bytes)
    await file.chmod(0o644)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Makes renames durable. A file system that cannot sync a folder has done what it can. */
export async function syncFolders(folders: Iterable<string>): Promise<void> {
  for (const path of new Set(folders)) {
    const folder = await open(path, 'r')
    await folder.sync().catch(ignoreUnsupported)
    await folder.close()
  }
}

function ignoreUnsupported(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EINVAL' && error.code !== 'ENOTSUP' && error.code !== 'EPERM') throw error
}

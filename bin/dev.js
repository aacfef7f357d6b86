#!/usr/bin/env node
// Runs the sources: Node strips the types itself. What build.mjs generates from the commands is made first if it is missing.
import {execFileSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(`scram: the sources need Node 24 or newer, this is ${process.version}\n  npx scram runs the build with the right one\n`)
  process.exit(78)
}
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const isBuilt = ['loaders.ts', 'manifest.ts', 'names.ts'].every(file => existsSync(join(root, 'src', file)))
if (!isBuilt) execFileSync(process.execPath, [join(root, 'build.mjs'), '--sources'], {stdio: ['ignore', 2, 2]})
await import('../src/entry.ts')

import {rmSync} from 'node:fs'
import {createRequire} from 'node:module'
import {dirname, join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {rolldown} from 'rolldown'
import {manifestEntry} from './manifest-entry.mjs'

export function idOf(path) {
  return path.replaceAll('/', ':')
}

/** Bundles the commands with packages external (in the repository, so that they resolve) and asks oclif what each declares. */
export async function readCommands(root, paths) {
  const require = createRequire(join(root, 'build.mjs'))
  const scratch = join(root, '.scratch/manifest')
  rmSync(scratch, {recursive: true, force: true})
  // names.ts and manifest.ts are made from what this answers; cli reaches them at run time only.
  const isGenerated = (id, importer) => /^\.\.\/(?:names|manifest)\.ts$/.test(id) && /src\/cli\/[\w-]+\.ts$/.test(importer ?? '')
  const build = await rolldown({
    input: Object.fromEntries(paths.map(path => [path, join(root, 'src/commands', `${path}.ts`)])),
    platform: 'node',
    external: (id, importer) => /^[^./]/.test(id) || isGenerated(id, importer),
    logLevel: 'silent',
  })
  await build.write({dir: scratch, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs'})
  // Not among oclif's exports: required by its place.
  const {cacheCommand} = require(join(dirname(require.resolve('@oclif/core/package.json')), 'lib/util/cache-command.js'))
  const entries = {}
  for (const path of paths) {
    const {default: command} = await import(pathToFileURL(join(scratch, `${path}.mjs`)).href)
    if (typeof command !== 'function' || !command.prototype?.run) throw new Error(`src/commands/${path}.ts has no default export with run()`)
    command.id = idOf(path)
    entries[command.id] = manifestEntry(command, await cacheCommand(command, {name: 'scram', alias: 'scram', type: 'core'}, true))
  }
  return entries
}

/** Every word that starts a command; two commands with one word do not build. */
export function namesOf(entries) {
  const names = {}
  for (const {id, aliases} of Object.values(entries)) {
    for (const name of [id, ...aliases]) {
      if (names[name] !== undefined) throw new Error(`"${name}" names ${names[name]} and ${id}`)
      names[name] = id
    }
  }
  return names
}

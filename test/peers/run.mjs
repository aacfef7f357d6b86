// Installs the peers where they are missing, each from its own lock file and without its scripts, then runs their tests.
import {spawnSync} from 'node:child_process'
import {existsSync, globSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

const peers = dirname(fileURLToPath(import.meta.url))
const root = dirname(dirname(peers))

for (const lock of globSync('*/package-lock.json', {cwd: peers}).sort()) {
  const folder = join(peers, dirname(lock))
  if (!isMissing(folder)) continue
  console.log(`installing ${dirname(lock)}`)
  must('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder])
}
const options = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
must(process.execPath, [...options, join(root, 'node_modules/jest/bin/jest.js'), '--config', join(peers, 'jest.config.mjs'), ...process.argv.slice(2)])

/** npm writes down what it has installed: another version than the one asked for is missing, too. */
function isMissing(folder) {
  const installed = join(folder, 'node_modules/.package-lock.json')
  if (!existsSync(installed)) return true
  const {packages} = JSON.parse(readFileSync(installed, 'utf8'))
  const {dependencies} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return Object.entries(dependencies).some(([name, version]) => packages[`node_modules/${name}`]?.version !== version)
}

function must(command, args) {
  const {status, error} = spawnSync(command, args, {cwd: root, stdio: ['ignore', 'inherit', 'inherit']})
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

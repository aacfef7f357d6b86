import {spawn} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), 'node_modules/heroku/bin/run.js')
const LONGEST_MS = 90_000

/**
 * Heroku's own command line in a home of its own (it writes a credential helper into ~/.gitconfig) and with its updater and
 * telemetry off, against the API at `host`. Ends by itself, or by its pid after 90 s.
 */
export async function heroku(args: readonly string[], {host, token}: {host: string; token: string}): Promise<Ended> {
  const home = mkdtempSync(join(tmpdir(), 'heroku-'))
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_STATE_HOME: join(home, 'state'),
    DISABLE_TELEMETRY: 'true',
    HEROKU_SKIP_NEW_VERSION_CHECK: 'true',
    HEROKU_DISABLE_AUTOUPDATE: '1',
    HEROKU_HOST: host,
    HEROKU_API_KEY: token,
  }
  try {
    return await new Promise<Ended>((resolve, reject) => {
      const child = spawn(process.execPath, ['--no-deprecation', PROGRAM, ...args], {env, cwd: home, stdio: ['ignore', 'pipe', 'pipe'], timeout: LONGEST_MS})
      const said = {stdout: '', stderr: ''}
      child.stdout.on('data', chunk => {
        said.stdout += chunk
      })
      child.stderr.on('data', chunk => {
        said.stderr += chunk
      })
      child.once('error', reject).once('close', code => resolve({code, ...said}))
    })
  } finally {
    rmSync(home, {recursive: true, force: true})
  }
}

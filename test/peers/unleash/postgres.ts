import {type ChildProcess, execFile, spawn} from 'node:child_process'
import {chownSync, existsSync, globSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {delimiter, join} from 'node:path'
import {setTimeout as nap} from 'node:timers/promises'
import {promisify} from 'node:util'

export interface Postgres {
  /** Where its socket is: `host` for a client of PostgreSQL. */
  readonly folder: string
  /** Runs a statement as the superuser. */
  sql(statement: string, database?: string): Promise<void>
  stop(): Promise<void>
}

const run = promisify(execFile)
const NOBODY = 65_534
const READY_MS = 60_000

/** Debian keeps the server's programs out of PATH. Null: PostgreSQL is not installed. */
export function postgresFolder(): string | null {
  const debian = globSync('/usr/lib/postgresql/*/bin').sort((a, b) => Number(b.split('/')[4]) - Number(a.split('/')[4]))
  return [...debian, ...(process.env['PATH'] ?? '').split(delimiter)].find(folder => existsSync(join(folder, 'initdb'))) ?? null
}

/**
 * A PostgreSQL of its own in a scratch folder, on a socket alone, so that no port is raced for. It refuses to run as root:
 * then it runs as nobody.
 */
export async function startPostgres(programs: string): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'pg-'))
  const isRoot = process.getuid?.() === 0
  if (isRoot) chownSync(folder, NOBODY, NOBODY)
  const asUser = isRoot ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--'] : []
  const argvOf = (program: string, ...args: string[]): [string, string[]] => {
    const [command = '', ...rest] = [...asUser, join(programs, program), ...args]
    return [command, rest]
  }
  const env = {PATH: process.env['PATH'] ?? '', HOME: folder, LANG: 'C.UTF-8', TZ: 'UTC'}
  const psql = (statement: string, database = 'postgres') =>
    run(...argvOf('psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', folder, '-U', 'postgres', '-d', database, '-c', statement), {env, cwd: folder})
  let server: ChildProcess | null = null
  let ended: Promise<unknown> = Promise.resolve()
  const stop = async () => {
    server?.kill('SIGINT')
    await ended
    rmSync(folder, {recursive: true, force: true})
  }
  try {
    const data = join(folder, 'data')
    await run(...argvOf('initdb', '-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8'), {env, cwd: folder})
    server = spawn(...argvOf('postgres', '-D', data, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${folder}`, '-c', 'fsync=off'), {
      env,
      cwd: folder,
      stdio: 'ignore',
    })
    ended = new Promise(resolve => server?.once('close', resolve))
    const lastAt = Date.now() + READY_MS
    for (;;) {
      const isReady = await psql('select 1').then(
        () => true,
        () => false,
      )
      if (isReady) break
      if (server.exitCode !== null || Date.now() > lastAt) throw new Error(`PostgreSQL did not start (exit ${server.exitCode})`)
      await nap(25)
    }
  } catch (error) {
    await stop()
    throw error
  }
  return {folder, sql: async (statement, database) => void (await psql(statement, database)), stop}
}

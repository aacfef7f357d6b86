import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {chmod, chown, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {request} from 'node:http'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as nap} from 'node:timers/promises'
import {freePort} from './free-port.ts'

export interface NginxAnswer {
  readonly status: number
  readonly retryAfter: string | undefined
  readonly body: string
}

export interface Nginx {
  readonly port: number
  /** Its own, with `n.conf` and `nginx.pid`; whoever it runs as may look into it. */
  readonly folder: string
  /** One request on a connection of its own. */
  get(path?: string): Promise<NginxAnswer>
  restart(): Promise<void>
  /** Ends it and removes its folder. */
  close(): Promise<void>
}

export interface NginxOptions {
  /** Inside `http {}`, `server {}`; `FOLDER` stands for the folder. */
  readonly http?: string
  readonly server: string
  /** What the configuration includes: name → text. */
  readonly files?: Readonly<Record<string, string>>
}

const NOBODY = 65_534
const isRoot = process.getuid?.() === 0
const TRIES = 3
/** Asked by nobody else: asking for anything of the test would already fill a cache. */
const READY = '/-ready'

/** Debian's nginx in the foreground, on a free loopback port and files of its own; as root it is given to nobody. */
export async function startNginx({http = '', server, files = {}}: NginxOptions): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'nginx-'))
  await chmod(folder, 0o755)
  if (isRoot) await chown(folder, NOBODY, NOBODY)
  const config = join(folder, 'n.conf')
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  let port = 0
  let child: ChildProcess | undefined
  const launch = async () => {
    child = start(folder, config)
    return isReady(child, port)
  }
  try {
    for (let tries = 1; ; tries++) {
      port = await freePort()
      await writeFile(config, configOf(folder, port, http, server))
      const complaint = await launch()
      if (complaint === null) break
      if (tries === TRIES || !complaint.includes('Address already in use')) throw new Error(`nginx did not start: ${complaint}`)
    }
  } catch (error) {
    await rm(folder, {recursive: true})
    throw error
  }
  return {
    port,
    folder,
    get: path => get(port, path),
    async restart() {
      await stop(child)
      const complaint = await launch()
      if (complaint !== null) throw new Error(`nginx did not start again: ${complaint}`)
    },
    async close() {
      await stop(child)
      await rm(folder, {recursive: true})
    },
  }
}

/** The server of a flag file: 503 with Retry-After while it is there; at /says what it says, for whom that counts. */
export const FLAG_SERVER = `
  location / {
    if (-f FOLDER/flags/maint.flag) { return 503; }
    return 200 "open\\n";
  }
  location = /says { default_type text/plain; alias FOLDER/flags/maint.flag; }
  error_page 503 @maint;
  location @maint { add_header Retry-After 120 always; return 503 "maintenance\\n"; }`

function configOf(folder: string, port: number, http: string, server: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(kind => `${kind}_temp_path FOLDER/${kind};`).join(' ')
  return `daemon off; worker_processes 1; pid FOLDER/nginx.pid; error_log stderr;
events {}
http { access_log off; ${temporary} ${http}
server { listen 127.0.0.1:${port}; location = ${READY} { return 204; } ${server} } }
`.replaceAll('FOLDER', folder)
}

function start(folder: string, config: string): ChildProcess {
  const argv = ['nginx', '-e', 'stderr', '-p', folder, '-c', config]
  const [command = '', ...rest] = isRoot ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--', ...argv] : argv
  return spawn(command, rest, {stdio: ['ignore', 'ignore', 'pipe']})
}

/** Null when it answers, else what it complained about when it ended. */
async function isReady(child: ChildProcess, port: number): Promise<string | null> {
  let said = ''
  child.stderr?.on('data', chunk => {
    said = `${said}${chunk}`.slice(-4000)
  })
  for (let tries = 0; tries < 2000; tries++) {
    if (child.exitCode !== null || child.signalCode !== null) return said
    const answers = await get(port, READY).then(
      () => true,
      () => false,
    )
    if (answers) return null
    await nap(10)
  }
  await stop(child)
  return `no answer in time: ${said}`
}

async function stop(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGQUIT')
  const [code] = await ended
  if (code !== 0) throw new Error(`nginx ended with ${code}`)
}

function get(port: number, path = '/'): Promise<NginxAnswer> {
  return new Promise((resolve, reject) => {
    const call = request({host: '127.0.0.1', port, path, agent: false, timeout: 5000}, answer => {
      let body = ''
      answer.setEncoding('utf8').on('data', chunk => {
        body += chunk
      })
      answer.once('end', () => resolve({status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'], body}))
    })
    call.once('timeout', () => call.destroy(new Error('nginx is silent')))
    call.once('error', reject)
    call.end()
  })
}

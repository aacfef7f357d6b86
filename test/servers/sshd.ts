import {type ChildProcess, spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {chmod, copyFile, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {connect} from 'node:net'
import {tmpdir, userInfo} from 'node:os'
import {join} from 'node:path'
import {setTimeout as nap} from 'node:timers/promises'
import {freePort} from './free-port.ts'

export interface Sshd {
  /** What a rod's `through` would say: ssh, its configuration, the host. */
  readonly prefix: readonly [string, ...string[]]
  stop(): Promise<void>
  /** Again, on the same port. */
  start(): Promise<void>
  /** From now on no key is good enough; `true` takes it back. */
  admit(isAdmitted: boolean): Promise<void>
  /** Clients that still run. */
  left(): Promise<readonly string[]>
  /** Ends it and removes its folder. */
  close(): Promise<void>
}

const isRoot = process.getuid?.() === 0

/**
 * Debian's sshd on loopback, with throw-away keys, for the user who runs the test and nobody else. `forceCommand` gets what
 * the client asked for in SSH_ORIGINAL_COMMAND. As root it wants /run/sshd, which it gets in a mount namespace of its own.
 */
export async function startSshd(forceCommand: string): Promise<Sshd> {
  const folder = await mkdtemp(join(tmpdir(), 'sshd-'))
  const at = (name: string) => join(folder, name)
  for (const key of ['host', 'client']) {
    const made = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(key)])
    if (made.status !== 0) throw new Error(`ssh-keygen: ${made.stderr}`)
  }
  await copyFile(at('client.pub'), at('authorized'))
  await writeFile(at('clients'), '')
  await writeFile(at('ssh'), `#!/bin/sh\necho $$ >> ${at('clients')}\nexec ssh "$@"\n`)
  await chmod(at('ssh'), 0o755)

  let child: ChildProcess | undefined
  let port = 0
  const start = async () => {
    const argv = ['/usr/sbin/sshd', '-D', '-e', '-f', at('sshd_config')]
    const [command = '', ...rest] = isRoot
      ? ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs none /run && mkdir -m 755 /run/sshd && exec "$@"', 'sh', ...argv]
      : argv
    child = spawn(command, rest, {stdio: ['ignore', 'ignore', 'pipe']})
    return isReady(child, port)
  }
  const stop = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  try {
    for (let tries = 1; ; tries++) {
      port = await freePort()
      await writeFile(at('sshd_config'), serverConfig(at, port, forceCommand))
      const complaint = await start()
      if (complaint === null) break
      if (tries === 3 || !complaint.includes('Address already in use')) throw new Error(`sshd did not start: ${complaint}`)
    }
    await writeFile(at('known'), `[127.0.0.1]:${port} ${await readFile(at('host.pub'), 'utf8')}`)
    await writeFile(at('config'), clientConfig(at, port))
  } catch (error) {
    await stop()
    await rm(folder, {recursive: true})
    throw error
  }
  return {
    prefix: [at('ssh'), '-F', at('config'), 'web1'],
    stop,
    async start() {
      const complaint = await start()
      if (complaint !== null) throw new Error(`sshd did not start again: ${complaint}`)
    },
    admit: isAdmitted => (isAdmitted ? copyFile(at('client.pub'), at('authorized')) : writeFile(at('authorized'), '')),
    async left() {
      const left: string[] = []
      for (const pid of (await readFile(at('clients'), 'utf8')).split('\n')) if (pid !== '' && !(await isGone(pid))) left.push(pid)
      await writeFile(at('clients'), '')
      return left
    },
    async close() {
      await stop()
      await rm(folder, {recursive: true})
    },
  }
}

type At = (name: string) => string

/** SHLVL: below 2 bash would read the .bashrc of whoever runs the test, which may take a second and say anything. */
function serverConfig(at: At, port: number, forceCommand: string): string {
  return `ListenAddress 127.0.0.1
Port ${port}
HostKey ${at('host')}
AuthorizedKeysFile ${at('authorized')}
ForceCommand ${forceCommand}
AllowUsers ${userInfo().username}
AuthenticationMethods publickey
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
UseDNS no
PidFile none
MaxStartups 100
SetEnv SHLVL=2
`
}

function clientConfig(at: At, port: number): string {
  return `Host web1
HostName 127.0.0.1
Port ${port}
User ${userInfo().username}
IdentityFile ${at('client')}
IdentitiesOnly yes
UserKnownHostsFile ${at('known')}
BatchMode yes
LogLevel ERROR
`
}

/** Null when it listens, else what it complained about. */
async function isReady(child: ChildProcess, port: number): Promise<string | null> {
  let said = ''
  child.stderr?.on('data', chunk => {
    said = `${said}${chunk}`.slice(-4000)
  })
  for (let tries = 0; tries < 2000; tries++) {
    if (child.exitCode !== null || child.signalCode !== null) return said
    if (await listens(port)) return null
    await nap(10)
  }
  return `it does not listen: ${said}`
}

function listens(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** A zombie is over; one that is ending gets a second. */
export async function isGone(pid: string): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    if (status === '' || /^State:\s+Z/m.test(status)) return true
    await nap(10)
  }
  return false
}

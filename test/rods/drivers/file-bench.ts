import {chmod, lstat, mkdir, readFile, rename, rm, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Bench, Condition} from '../../contracts/driver.ts'
import {FLAG_SERVER, type Nginx, startNginx} from '../../servers/nginx.ts'
import {isGone, type Sshd, startSshd} from '../../servers/sshd.ts'
import {rodOf} from '../open-driver.ts'

/** `script` behaves as ssh does (joins its arguments for a shell, 255 for no connection), in milliseconds. */
export type Way = 'here' | 'script' | 'ssh'
export type Mode = 'presence' | 'content'

export interface FileBench extends Bench {
  readonly nginx: Nginx
  readonly flags: string
  readonly path: string
}

const POSITIONS = {presence: ['withdrawn', 'inserted'], content: ['withdrawn', 'drain', 'inserted']}
const CONTENT: Readonly<Record<string, string>> = {withdrawn: 'mode off;\n', drain: 'mode "drain $(touch pwned)";\n', inserted: "mode 'in';\n`touch pwned`\n"}
const NOBODY = 65_534
const isRoot = process.getuid?.() === 0

/** What a file on this machine cannot be: there is nobody to be silent. */
export const NOT_HERE: readonly Condition[] = ['down', 'silent', 'dripping', 'reset', 'reply-lost', 'lying', 'unintelligible']

/**
 * The other side, of sshd (SSH_ORIGINAL_COMMAND) as of the script. Trouble begins with the command that moves: before it
 * nothing was sent, and that is another case.
 */
const REMOTE = `#!/bin/sh
cd FOLDER || exit 99
asked=\${SSH_ORIGINAL_COMMAND-$1}
mood=$(cat mood)
echo $$ >> pids
moves=
case $asked in
  touch*|rm*) moves=yes; echo "$asked" >> writes ;;
  mv*) moves=yes ;; # the second half of the move that dd began
  dd*) moves=yes; echo "$asked" >> writes; case $mood in lying|bad-credential) ;; *) mood=well ;; esac ;;
  *' ! -h '*) mood=well ;;
esac
case $mood in
  silent) exec sleep 60 ;;
  dripping) while echo drip; do sleep 0.05; done; exit ;;
  reset) kill -9 $PPID; exit ;;
  unintelligible) echo '<h1>Please log in</h1>'; exit 200 ;;
  lying) [ "$moves" ] && { cat >/dev/null; exit 0; } ;;
  bad-credential) [ "$moves" ] && exec AS_NOBODY sh -c "$asked" ;;
esac
sh -c "$asked"
code=$?
[ "$mood$moves" = reply-lostyes ] && kill -9 $PPID
exit $code
`
const SCRIPT = `#!/bin/sh
[ "$(cat FOLDER/mood)" = down ] && { echo "ssh: connect to host $1: Connection refused" >&2; exit 255; }
shift
FOLDER/remote.sh "$*"
exit $?
`

export interface FileServers {
  readonly nginx: Nginx
  /** Where the way is ssh. */
  readonly sshd?: Sshd
  /** The prefix of the way. */
  readonly through?: readonly string[]
  close(): Promise<void>
}

/** The servers outlive a test: starting them for each would take longer than all the tests. */
export async function fileServers(way: Way): Promise<FileServers> {
  const nginx = await startNginx({server: FLAG_SERVER})
  const at = (name: string) => join(nginx.folder, name)
  const program = async (name: string, text: string) => {
    const asNobody = isRoot ? `setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups --` : ''
    await writeFile(at(name), text.replaceAll('FOLDER', nginx.folder).replaceAll('AS_NOBODY', asNobody))
    await chmod(at(name), 0o755)
  }
  await program('remote.sh', REMOTE)
  await program('ssh.sh', SCRIPT)
  if (way === 'here') return {nginx, close: nginx.close}
  if (way === 'script') return {nginx, through: [at('ssh.sh'), 'web1'], close: nginx.close}
  const sshd = await startSshd(at('remote.sh')).catch(async error => {
    await nginx.close()
    throw error
  })
  return {nginx, sshd, through: sshd.prefix, close: () => sshd.close().finally(nginx.close)}
}

/** The file driver with nginx behind the file; the test's traffic goes through nginx. */
export async function fileBench(way: Way, mode: Mode, {nginx, sshd, through}: FileServers): Promise<FileBench> {
  const {folder} = nginx
  const at = (name: string) => join(folder, name)
  const flags = at('flags')
  const path = join(flags, 'maint.flag')
  await mkdir(flags, {mode: 0o755})
  for (const name of ['pids', 'writes']) await writeFile(at(name), '')
  await writeFile(at('mood'), 'well')
  if (mode === 'content') await writeFile(path, CONTENT['withdrawn'] ?? '')
  const positions = POSITIONS[mode]
  const rod = rodOf({
    positions,
    driver: 'file',
    with: {path, mode, ...(mode === 'content' && {content: CONTENT}), ...(through && {through: [...through]})},
  })
  let condition: Condition = 'well'
  const undo = async () => {
    if (condition === 'down') await sshd?.start()
    if (condition === 'no-such-target') {
      if (await isThere(flags)) throw new Error('the folder was created')
      await rename(at('gone'), flags)
    }
    if (condition === 'bad-credential') {
      if (isRoot) process.seteuid?.(0)
      await chmod(flags, 0o755)
    }
  }
  return {
    nginx,
    flags,
    path,
    driver: await rod.driver(),
    positions,
    secret: 'canary-there-is-none',
    ...(way !== 'here' && {patienceMs: way === 'script' ? 2000 : 8000}),
    async effect() {
      const {status, retryAfter} = await nginx.get()
      if (mode === 'presence') return status === 503 && retryAfter === '120' ? 'inserted' : status === 200 ? 'withdrawn' : 'unknown'
      const {body} = await nginx.get('/says')
      return positions.find(position => CONTENT[position] === body) ?? 'unknown'
    },
    // Here nobody counts; whatever is done in the folder shows in its time.
    writes: async () => (way === 'here' ? (await stat(flags)).mtimeMs : (await readFile(at('writes'), 'utf8')).split('\n').length),
    async become(next) {
      await undo()
      condition = next
      await writeFile(at('mood'), next)
      if (next === 'down') await sshd?.stop()
      if (next === 'restarted') await nginx.restart()
      if (next === 'no-such-target') await rename(flags, at('gone'))
      if (next === 'bad-credential') {
        await chmod(flags, 0o555)
        if (isRoot && way === 'here') process.seteuid?.(NOBODY)
      }
    },
    async moveBehind(to) {
      if (mode === 'content') await writeFile(path, CONTENT[to] ?? '')
      else if (to === 'withdrawn') await rm(path)
      else await writeFile(path, 'by hand')
    },
    async close() {
      await undo()
      const pwned = (await Promise.all([flags, folder, process.cwd()].map(place => isThere(join(place, 'pwned'))))).some(Boolean)
      const others = (await readFile(at('pids'), 'utf8')).split('\n').filter(line => line !== '')
      const left = [...((await sshd?.left()) ?? [])]
      for (const pid of others) {
        if (way === 'ssh') endOther(pid) // what is left over there, of a client that is gone, is not the driver's
        if (!(await isGone(pid))) left.push(pid)
      }
      await rm(flags, {recursive: true})
      if (left.length > 0) throw new Error(`processes are left: ${left.join(' ')}`)
      if (pwned) throw new Error('a shell read the text')
    },
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

function endOther(pid: string): void {
  try {
    process.kill(Number(pid), 'SIGKILL')
  } catch {
    // ended by itself
  }
}

import {access, chmod, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as nap} from 'node:timers/promises'
import type {Bench} from '../../contracts/driver.ts'
import {rodOf} from '../open-driver.ts'

/** One script for all: `rod.sh set POSITION` and `rod.sh state`; the file `mood` says what is wrong today. */
const SCRIPT = `#!/bin/sh
echo $$ >> pids
mood=$(cat mood)
[ "$1" = set ] && echo "$2" >> writes
case $mood in
  down) exit 69 ;;
  silent) sleep 60 & echo $! >> pids; wait ;;
  dripping) while :; do echo drip; sleep 0.05; done ;;
  reset) kill -9 $$ ;;
  bad-credential) echo "who is $ROD_TOKEN?" >&2; exit 77 ;;
  no-such-target) echo "no such app" >&2; exit 1 ;;
  unintelligible) echo "<h1>Please log in</h1>"; exit 0 ;;
esac
[ "$1" = state ] && { cat state; exit; }
[ "$mood" = lying ] || echo "$2" > state
[ "$mood" = reply-lost ] && sleep 60
exit 0
`

export interface CommandBench extends Bench {
  readonly folder: string
}

/** The command driver on a real script. */
export async function commandBench(): Promise<CommandBench> {
  const folder = await mkdtemp(join(tmpdir(), 'rod-'))
  const put = (name: string, text: string) => writeFile(join(folder, name), text)
  await Promise.all([put('rod.sh', SCRIPT), put('mood', 'well'), put('state', 'withdrawn'), put('writes', ''), put('pids', '')])
  await chmod(join(folder, 'rod.sh'), 0o755)
  const lines = async (name: string) => (await readFile(join(folder, name), 'utf8')).split('\n').filter(line => line !== '')
  const secret = 'canary-91c2'
  const rod = rodOf(
    {
      positions: ['withdrawn', 'drain', 'inserted'],
      driver: 'command',
      with: {set: ['./rod.sh', 'set', '{position}'], read: ['./rod.sh', 'state'], secrets: {ROD_TOKEN: 'env:ROD_TOKEN'}},
    },
    {folder, secrets: {'env:ROD_TOKEN': secret}},
  )
  return {
    folder,
    driver: await rod.driver(),
    positions: rod.positions,
    secret,
    effect: async () => (await lines('state'))[0] ?? 'unknown',
    writes: async () => (await lines('writes')).length,
    become: condition => put('mood', condition),
    moveBehind: to => put('state', to),
    async close() {
      const alive = async () => {
        const pids = await lines('pids')
        const states = await Promise.all(pids.map(isAlive))
        return pids.filter((_, i) => states[i])
      }
      for (let tries = 0; (await alive()).length > 0 && tries < 100; tries++) await nap(10)
      const left = await alive()
      const pwned = await access(join(folder, 'pwned')).then(
        () => true,
        () => false,
      )
      await rm(folder, {recursive: true})
      if (left.length > 0) throw new Error(`the driver left processes: ${left.join(' ')}`)
      if (pwned) throw new Error('a shell saw the position')
    },
  }
}

/** A zombie is over: in a container nobody may be there to bury the orphans of a killed group. */
async function isAlive(pid: string): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return status !== '' && !/^State:\s+Z/m.test(status)
}

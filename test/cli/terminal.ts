import {spawn} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {shellQuote} from '../../src/lib/text.ts'
import {launcher, type Machine} from './run-scram.ts'

/** One scram on a pseudo-terminal of 120 by 30, by script(1). */
export interface Terminal {
  /** Of scram itself. */
  readonly pid: number
  /** Everything the terminal was sent so far. */
  sent(): string
  /** Rejects, with what the terminal shows, when it does not come. */
  shows(pattern: RegExp, withinMs?: number): Promise<void>
  type(keys: string): void
  ended(): Promise<number | null>
  /** For the end of a test, however it went. */
  end(): void
}

let count = 0

export async function terminal(at: Machine, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Terminal> {
  const pidFile = join(at.home, `terminal-${++count}`)
  const inner = `stty cols 120 rows 30; echo $$ >${pidFile}; exec ${[launcher, ...args].map(shellQuote).join(' ')}`
  const own = {PATH: process.env['PATH'] ?? '', HOME: at.home, SCRAM_HOME: join(at.home, 'record'), TERM: 'xterm', TZ: 'UTC', ...env}
  const child = spawn('script', ['-qec', inner, '/dev/null'], {env: own, cwd: at.home, stdio: ['pipe', 'pipe', 'pipe']})
  let sent = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    sent += text
  })
  child.stdin.on('error', () => undefined) // it ended meanwhile
  const closed = new Promise<number | null>(resolve => child.once('close', resolve))
  const until = async (is: () => boolean, what: string, withinMs: number) => {
    for (let waited = 0; !is(); waited += 50) {
      if (waited > withinMs) throw new Error(`${what} did not come: ${JSON.stringify(sent.slice(-1500))}`)
      await sleep(50)
    }
  }
  await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').trim() !== '', 'a process', 10_000)
  const pid = Number(readFileSync(pidFile, 'utf8'))
  return {
    pid,
    sent: () => sent,
    shows: (pattern, withinMs = 20_000) => until(() => pattern.test(sent), String(pattern), withinMs),
    type: keys => void child.stdin.write(keys),
    ended: () =>
      Promise.race([
        closed,
        sleep(30_000, undefined, {ref: false}).then(() => Promise.reject(new Error(`it does not end: ${JSON.stringify(sent.slice(-1500))}`))),
      ]),
    end() {
      for (const one of [pid, child.pid]) {
        try {
          if (one !== undefined) process.kill(one, 'SIGKILL')
        } catch {
          // gone
        }
      }
    },
  }
}

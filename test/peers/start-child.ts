import {spawn} from 'node:child_process'

export interface StartedChild {
  readonly pid: number
  readonly port: number
  /** SIGTERM, then SIGKILL after 10 s; resolves when it has ended. */
  stop(): Promise<void>
}

interface Start {
  readonly argv: readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
}

const READY_MS = 90_000
const GRACE_MS = 10_000
const TAIL = 4000

/** A child that says `{"port": N}` on its first line when it is ready. */
export async function startChild({argv: [command, ...args], env, cwd}: Start): Promise<StartedChild> {
  const child = spawn(command, args, {cwd, env, stdio: ['ignore', 'pipe', 'pipe']})
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
  let said = ''
  child.stderr.on('data', chunk => {
    said = `${said}${chunk}`.slice(-TAIL)
  })
  const stop = async () => {
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
    await ended
    clearTimeout(late)
  }
  const port = await new Promise<number>((resolve, reject) => {
    let head = ''
    const late = setTimeout(() => reject(new Error(`${args[0]} was not ready within ${READY_MS / 1000} s: ${said}`)), READY_MS)
    const settled = (work: () => void) => {
      clearTimeout(late)
      work()
    }
    child.once('error', error => settled(() => reject(error)))
    child.once('close', code => settled(() => reject(new Error(`${args[0]} ended with ${code}: ${said}`))))
    child.stdout.on('data', chunk => {
      if (head.includes('\n') || head.length > TAIL) return
      head += chunk
      const found = /^\{"port":(\d+)\}\n/.exec(head)
      if (found) settled(() => resolve(Number(found[1])))
    })
  }).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return {pid: child.pid ?? 0, port, stop}
}

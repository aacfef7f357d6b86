import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {createInterface} from 'node:readline'

/** redis-cli as a long conversation: a process per command costs more than all the commands of a test. */
export interface RedisCli {
  /** What it prints, without the last newline. Rejects on an error reply. */
  run(words: readonly string[]): Promise<string>
  close(): Promise<void>
}

const END = '-- end of answer --'
const REFUSAL = /^(ERR|WRONG[A-Z]+|NO[A-Z]+|LOADING|BUSY|READONLY|MISCONF|OOM|MASTERDOWN|Could not connect)\b/

export function openRedisCli(socket: string, password: string): RedisCli {
  const child = spawn('redis-cli', ['-s', socket], {stdio: ['pipe', 'pipe', 'inherit'], env: {...process.env, REDISCLI_AUTH: password}})
  const exit = once(child, 'exit')
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]()
  let turn: Promise<unknown> = Promise.resolve()
  return {
    run(words) {
      const answer = turn.then(() => ask(words))
      turn = answer.catch(() => {})
      return answer
    },
    async close() {
      child.stdin.end()
      await exit
    },
  }

  async function ask(words: readonly string[]): Promise<string> {
    child.stdin.write(`${words.map(quoted).join(' ')}\nECHO "${END}"\n`)
    const said: string[] = []
    for (;;) {
      const {value, done} = await lines.next()
      if (done) throw new Error(`redis-cli ended in ${words[0]}`)
      if (value === END) break
      said.push(value)
    }
    const text = said.join('\n')
    if (REFUSAL.test(text)) throw new Error(`${words[0]}: ${text}`)
    return text
  }
}

const quoted = (word: string) => `"${word.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`

import type {CliAddress} from './cli-address.ts'
import {askCli} from './cli-exchange.ts'
import type {Setting} from './setting.ts'

/** The running process and its answer to `readLine`, from one exchange; or why there is none. */
export type Looked = Seen | {readonly pid: null; readonly reason: string}

export interface Seen {
  readonly pid: string
  /** Such as `2.6.12-1+deb12u4`; '' where it does not say. */
  readonly release: string
  readonly answer: string
}

/**
 * Asks one HAProxy how the setting stands and which process says so: after a reload it is another one. Whole answers
 * only, each ends with an empty line. A person's abort passes through.
 */
export async function look(address: CliAddress, setting: Setting, signal: AbortSignal): Promise<Looked> {
  const said = await askCli(address, `show info;${setting.readLine}`, signal)
  if (said.text === null) return {pid: null, reason: said.reason}
  const [info = '', ...rest] = said.text.split('\n\n')
  const pid = /^Pid: (\d{1,10})$/m.exec(info)?.[1]
  if (pid === undefined) return {pid: null, reason: 'what answers there is no HAProxy'}
  if (!said.text.endsWith('\n\n')) return {pid: null, reason: 'the answer is cut off'}
  return {pid, release: /^Version: ([\w.+~-]{1,60})$/m.exec(info)?.[1] ?? '', answer: rest.join('\n\n')}
}

import type {WithdrawRod} from '../actions/withdraw-rod.ts'
import type {Progress} from '../rods/withdrawal/withdraw-guarded.ts'
import {liveFact, tellBefore} from './live-fact.ts'
import {showLive} from './live-line.ts'
import {narrate} from './stdout.ts'
import {progressLine} from './views/withdrawal.ts'

/** A guarded withdrawal takes minutes: every step and every ten seconds of waiting is a line on stderr, the rest moves on a terminal. */
export function liveWithdrawal(rod: string): Pick<WithdrawRod, 'onBefore' | 'onFact' | 'onProgress'> {
  return {
    onBefore: tellBefore,
    onFact: liveFact(rod),
    onProgress(progress: Progress, of: string) {
      narrate(`${of}  ${progressLine(progress)}`)
      if (progress.kind === 'waiting') showLive(`${of}: waiting at ${progress.position} for its guard`)
    },
  }
}

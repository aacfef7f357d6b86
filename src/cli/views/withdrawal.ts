import type {Progress} from '../../rods/withdrawal/withdraw-guarded.ts'
import {rough} from './clock-words.ts'

/** What a guarded withdrawal does or waits for, in one line. */
export function progressLine(progress: Progress): string {
  switch (progress.kind) {
    case 'moving':
      return `${progress.from} → ${progress.to}: ${progress.reason}`
    case 'moved':
      return `at ${progress.to}: ${progress.end.verdict}${progress.end.verdict === 'unverified' && progress.end.readBackAgrees ? ', read back as set' : ''}`
    case 'stepping-back':
      return `BACK from ${progress.failed} (${progress.stepBacks} of ${progress.maxStepBacks}): ${progress.look.evidence}`
    case 'waiting': {
      const {position, next, look, goodMs, dwellMs, waitedMs, unknownMs} = progress
      const silent = unknownMs > 0 ? `, no usable answer for ${rough(unknownMs)}` : ''
      return `waiting at ${position}${next === null ? '' : ` for ${next}`}, ${rough(waitedMs)}: guard says ${look.says} (good for ${rough(goodMs)} of ${rough(dwellMs)}${silent}): ${look.evidence}`
    }
  }
}

import ora from 'ora'
import {cutToWidth, safeLine} from '../lib/text.ts'

/** ora's own mark and a blank. */
const MARK_COLUMNS = 2

/** One moving line on stderr while something runs; only ever made on a terminal. `stop` removes it. */
export function makeSpinner(text: string): {stop(): unknown; say(text: string): void} {
  const spinner = ora({text: fitted(text), stream: process.stderr, discardStdin: false}).start()
  return {
    stop: () => spinner.stop(),
    say(words) {
      spinner.text = fitted(words)
    },
  }
}

/** A line that wraps leaves what it moved on from. */
function fitted(text: string): string {
  return cutToWidth(safeLine(text), Math.max(process.stderr.columns - MARK_COLUMNS - 1, 10))
}

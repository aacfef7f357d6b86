import ora from 'ora'
import {safeLine} from '../lib/text.ts'

/** One moving line on stderr while something runs; only ever made on a terminal. `stop` removes it. */
export function makeSpinner(text: string): {stop(): unknown} {
  return ora({text: safeLine(text), stream: process.stderr, discardStdin: false}).start()
}

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {packageRoot} from './package-root.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const

/**
 * The script of a shell, as it lies in completions/. It is static: what TAB offers is asked from `scram __complete` each
 * time, so it never grows old.
 */
export function completionScript(shell: (typeof SHELLS)[number]): string {
  return readFileSync(join(packageRoot(), 'completions', `scram.${shell}`), 'utf8').trimEnd()
}

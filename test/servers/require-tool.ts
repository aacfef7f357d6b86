import {spawnSync} from 'node:child_process'
import {it} from '@jest/globals'

/**
 * `it`, for tests that need a program of the machine: without it they are skipped, aloud, where a person runs them, and
 * fail where everything is meant to be there (CI=true), because a skip nobody sees is a test nobody has.
 */
export function requireTool(name: string): typeof it {
  const isThere = spawnSync('sh', ['-c', 'command -v -- "$1" >/dev/null', 'sh', name]).status === 0
  if (isThere) return it
  if (process.env['CI'] === 'true' || process.env['SCRAM_CI'] === '1')
    throw new Error(`${name} is not installed, and no test is skipped here: apt-get install ${name}`)
  process.stderr.write(`skipped: ${name} is not installed\n`)
  return it.skip as typeof it
}

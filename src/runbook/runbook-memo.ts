import type {Memos} from '../lib/memos.ts'
import type {Find} from './calls.ts'
import type {Finding} from './finding.ts'
import type {Opened, Written} from './load.ts'
import type {Lying} from './runbook-files.ts'

/** What is kept of a runbook that was read and linted: plain JSON. Its own text is what it is kept from. */
interface KeptRunbook {
  readonly runbook: Omit<Written, 'text' | 'path'>
  readonly called: Opened['called']
  /** What lint found with these names; the same runbook may say something else where there are others. */
  readonly lint: {readonly names: string; readonly findings: readonly Finding[]}
}

export interface Remembered {
  readonly opened: Opened
  /** Null: not known with these names. */
  lint(names: string): readonly Finding[] | null
}

/**
 * A runbook as an earlier process read and linted it, while its text and that of every runbook it calls are what they
 * were: neither YAML nor zod is loaded, and no expression is checked.
 * @param id the runbook that is meant: a file whose id only the parser can tell may be another one
 * @param file the one that may be it
 * @param find what a call in it finds now
 */
export function recallRunbook(memos: Memos, id: string, {file, path, text}: Lying, find: Find): Remembered | null {
  const kept = memos.recall<KeptRunbook>(nameOf(file), [path, text])
  if (kept?.runbook.runbook.id !== id || !Object.entries(kept.called).every(([calledId, one]) => isSame(one, find(calledId)))) return null
  return {
    opened: {...kept.runbook, path, text, called: kept.called},
    lint: names => (kept.lint.names === names ? kept.lint.findings : null),
  }
}

export function keepRunbook(memos: Memos, {file}: Lying, {runbook, sha256, path, text, called}: Opened, lint: KeptRunbook['lint']): void {
  const written = Object.entries(called).map(([id, one]): [string, Written] => [id, {runbook: one.runbook, text: one.text, sha256: one.sha256, path: one.path}])
  memos.keep(nameOf(file), [path, text], {runbook: {runbook, sha256}, called: Object.fromEntries(written), lint} satisfies KeptRunbook)
}

const nameOf = (file: string) => `runbook ${file}`

function isSame({path, text}: Written, found: ReturnType<Find>): boolean {
  return found !== null && 'text' in found && found.path === path && found.text === text
}

import {Fault} from '../lib/fault.ts'
import {findingLine} from './finding.ts'
import type {RunState} from './fold.ts'
import {type Loading, loadRunbook} from './load.ts'
import type {Runbook} from './runbook.ts'

/** The texts read last: one process takes up the same run again and again, and reading them costs more than a step does. */
let lastPinned: {readonly of: Pick<RunState, 'path' | 'text'>; readonly called: string; readonly runbook: Runbook} | null = null

/** The text a run was started with, whatever became of the file. @throws Fault runbook.invalid */
export function pinnedRunbook(state: RunState): Runbook {
  const {path, text, called: texts} = state
  const called = JSON.stringify(texts)
  if (lastPinned?.of.text === text && lastPinned.of.path === path && lastPinned.called === called) return lastPinned.runbook
  const runbook = readPinned(state)
  lastPinned = {of: {path, text}, called, runbook}
  return runbook
}

function readPinned(state: RunState): Runbook {
  const loading = loadPinned(state)
  if (!loading.ok) throw new Fault('runbook.invalid', 'this scram cannot read the text the run was started with', {hints: loading.findings.map(findingLine)})
  return loading.loaded.runbook
}

export function loadPinned({path, text, called}: RunState): Loading {
  return loadRunbook(path, text, id => called[id] ?? null)
}

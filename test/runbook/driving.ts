import {type RunResult, resumeRun, startRun} from '../../src/runbook/engine.ts'
import {findingLine} from '../../src/runbook/finding.ts'
import {type Loaded, loadRunbook} from '../../src/runbook/load.ts'
import type {JsonMap} from '../../src/runbook/ports.ts'
import type {World} from './world.ts'

/** A runbook from the lines of its steps. */
export function runbookOf(steps: string, top = ''): Loaded {
  return loaded(`scram: 1\nrunbook: test\ntitle: A test\n${top}steps:\n${steps}`)
}

/** `others`: texts of the runbooks it may call, by id. */
export function loaded(text: string, others: Readonly<Record<string, string>> = {}): Loaded {
  const loading = loadRunbook('runbooks/test.yaml', text, id => (others[id] === undefined ? null : {path: `runbooks/${id}.yaml`, text: others[id]}))
  if (!loading.ok) throw new Error(loading.findings.map(findingLine).join('\n'))
  return loading.loaded
}

export interface Driving {
  readonly yes?: boolean
  readonly inputs?: JsonMap
  readonly stop?: AbortSignal
  readonly kill?: AbortSignal
}

const never = new AbortController().signal

export function start(world: World, runbook: Loaded, {yes = true, inputs = {}, stop = never, kill = never}: Driving = {}): Promise<RunResult> {
  return startRun(world.ports(), runbook, {run: 'r-test', inputs, mode: 'auto', by: 'ada', yes, stop, kill})
}

export function resume(world: World, {yes = true, stop = never, kill = never}: Driving = {}): Promise<RunResult> {
  return resumeRun(world.ports(), world.log, {run: 'r-test', by: 'ada', yes, stop, kill})
}
